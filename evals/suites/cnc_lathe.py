"""Recorded faults of a lathe: which signals caused them, with an expert's graph and learning from normal production only."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.suite import Asked, Result, Suite
from mom.errors import BadInput, NotFound

if TYPE_CHECKING:
    from evals.lathe.ranking import Ranked
    from evals.lathe.recordings import Truth
    from mom.cause_graph.graph import CauseGraph
    from mom.cycles.habits import Habits
    from mom.cycles.recording import Recording

AIMS = {
    "graph_probe": "≥ 0.97",
    "graph_coolant": "= 1",
    "graph_hydraulics": "≥ 0.98",
    "probe": "≥ 0.6",
    "coolant": "≥ 0.9",
    "hydraulics": "≥ 0.8",
    "normal_refused": "= 1",
}
SEED = 9001
WAYS = {"graph_": "graph", "": "learned"}
"""How a score's name begins, and the ranking that it is of."""


async def run(asked: Asked) -> Result:
    """Ranks every run, freezes the rankings, and only then opens the labels. Raises BadInput, NotFound."""
    from evals.lathe.ranking import frozen, rank
    from evals.lathe.recordings import causes_of, expert_graph, normals, runs
    from mom.cycles.habits import learn

    folder = asked.data or Path()
    asked.tell("Reading normal production and learning its habits ...")
    normal, graph = normals(folder), expert_graph(folder)
    habits = learn(normal)
    faults = [run for run in runs(folder) if not asked.row or asked.row in run.name]
    if not faults and asked.row:
        raise NotFound(f"No run below {folder / 'faults'} has {asked.row!r} in its path.")
    if not faults:
        raise BadInput(f"{folder / 'faults'} holds no recording: no *.csv with a column time_s.")
    _same_signals(graph, faults)
    asked.tell(f"Ranking the causes of {len(faults)} runs ...")
    rankings = [rank(habits, graph, run) for run in faults]
    digest = frozen(rankings)
    asked.tell(f"The rankings are frozen ({digest[:12]}); now the labels are read.")
    truths = {ranked.run: causes_of(folder, ranked.run) for ranked in rankings}
    ways = WAYS if graph else {"": "learned"}
    scores, intervals = _scores(rankings, truths, ways)
    notes = [f"Rankings before any label was read: SHA-256 {digest}."]
    notes += [] if graph else ["The folder holds no expert_graph/: no score is of a graph."]
    calm: Mapping[str, bool] = {}
    if not asked.row:
        asked.tell("Normal production that was not learned from ...")
        calm = _calm(asked, habits, normal, faults, scores)
    if not asked.short:
        notes += _ablation(habits, graph, faults, truths)
    failures = [
        _failure(r, truths[r.run])
        for r in rankings
        if min(_precisions(r, truths[r.run])[way] for way in ways.values()) < 1
    ]
    failures += [{"run": name, "named": "a cause in normal production"} for name, ok in calm.items() if not ok]
    return Result(
        suite="cnc-lathe",
        cases=len(rankings) + len(calm),
        passed=len(rankings) + len(calm) - len(failures),
        scores={name: round(score, 4) for name, score in scores.items()},
        intervals=intervals,
        aims={n: aim for n, aim in AIMS.items() if n in scores or (not asked.row and _asked(n, ways))},
        table=_table(rankings, truths),
        failures=failures,
        notes=notes,
    )


def _same_signals(graph: "CauseGraph | None", faults: "Sequence[Recording]") -> None:
    """Raises BadInput where a graph is of another machine, or of other names: its scores would say nothing."""
    if graph and not any(signal in graph.acts for run in faults for signal in run.tracks):
        raise BadInput(
            "expert_graph/all_edges.csv names no signal of the runs.",
            remedy="source_label and target_label are the nodes of the recordings.",
        )


def _asked(name: str, ways: Mapping[str, str]) -> bool:
    """Of a whole run every score is asked for, of the graph where there is one."""
    return "graph_" in ways or not name.startswith("graph_")


def _calm(
    asked: Asked,
    habits: "Habits",
    normal: "Sequence[Recording]",
    faults: "Sequence[Recording]",
    scores: dict[str, float],
) -> Mapping[str, bool]:
    """Of each file of normal production whether no cause is named in it; adds the scores."""
    from evals.lathe.ranking import quiet_before, refusals

    calm = refusals(normal, SEED if asked.seed is None else asked.seed, **({"moments": 0} if asked.short else {}))
    if calm.files:
        scores["normal_refused"] = sum(calm.files.values()) / len(calm.files)
    if not asked.short:
        told = [quiet for run in faults if (quiet := quiet_before(habits, run)) is not None]
        scores |= {"before_refused": sum(told) / len(told)} if told else {}
        scores |= {"any_moment_refused": calm.refused / calm.moments} if calm.moments else {}
    return calm.files


def _precisions(ranked: "Ranked", truth: "Truth") -> dict[str, float]:
    from evals.lathe.ranking import average_precision

    return {
        "graph": average_precision(truth.causes, ranked.graph),
        "learned": average_precision(truth.causes, ranked.learned),
    }


def _scores(
    rankings: "Sequence[Ranked]", truths: "Mapping[str, Truth]", ways: Mapping[str, str]
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    from evals.interval import redrawn_groups
    from evals.lathe.ranking import by_group

    scores: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for prefix, way in ways.items():
        told = by_group([(truths[r.run], _precisions(r, truths[r.run])[way]) for r in rankings])
        for group, rows in told.items():
            scores[prefix + group] = sum(precision for _, precision in rows) / len(rows)
            intervals[prefix + group] = redrawn_groups(rows)
    return scores, intervals


def _table(rankings: "Sequence[Ranked]", truths: "Mapping[str, Truth]") -> list[dict[str, Any]]:
    """A row for each scenario."""
    scenarios: dict[tuple[str, str], list[Ranked]] = {}
    for ranked in rankings:
        truth = truths[ranked.run]
        scenarios.setdefault((truth.group, truth.scenario), []).append(ranked)
    rows = []
    for (group, scenario), some in sorted(scenarios.items()):
        told = [_precisions(ranked, truths[ranked.run]) for ranked in some]
        rows.append(
            {
                "group": group,
                "scenario": scenario,
                "runs": len(some),
                "graph": sum(t["graph"] for t in told) / len(told),
                "learned": sum(t["learned"] for t in told) / len(told),
                "caused by": ", ".join(truths[some[0].run].causes),
                "named first, learned": ", ".join(sorted({r.learned[0] if r.learned else "none" for r in some})),
            }
        )
    return rows


def _failure(ranked: "Ranked", truth: "Truth") -> dict[str, Any]:
    precisions = _precisions(ranked, truth)
    return {
        "run": ranked.run,
        "caused by": list(truth.causes),
        **{f"{way} AP@3": round(value, 3) for way, value in precisions.items()},
        "graph": list(ranked.graph[:3]),
        "learned": list(ranked.learned[:3]),
    }


def _ablation(
    habits: "Habits", graph: "CauseGraph | None", faults: "Sequence[Recording]", truths: "Mapping[str, Truth]"
) -> list[str]:
    from evals.lathe.ablation import ablations

    rows = ablations(habits, graph, faults, truths)
    groups = [name for name in rows[0] if name != "way"]
    lines = ["What each decision brings (MAP@3):", f"  {'':56}" + "".join(f"{group:>12}" for group in groups)]
    lines += [f"  {row['way']!s:56}" + "".join(f"{row[group]:12.3f}" for group in groups) for row in rows]
    return lines


SUITE_CNC_LATHE = Suite(
    "cnc-lathe",
    "recorded faults of a lathe: what caused them, with an expert's graph and without any",
    run,
    needs_data="a folder with normal/, faults/ and, for the graph, expert_graph/",
    data_default="cnc-lathe-faults",
    takes_row=True,
)
