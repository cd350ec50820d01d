"""What each decision brings: the same runs ranked without it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from evals.lathe.ranking import average_precision, by_group, ranked
from evals.lathe.recordings import Truth
from mom.cause_graph.graph import CauseGraph
from mom.cycles.habits import Habits
from mom.cycles.oddity import What
from mom.cycles.recording import Recording
from mom.cycles.suspects import LOOK_BACK_S, Trouble, trouble


def ablations(
    habits: Habits, graph: CauseGraph | None, runs: Sequence[Recording], truths: Mapping[str, Truth]
) -> list[dict[str, str | float]]:
    """A row for each way of ranking, with the mean average precision at 3 of each group."""
    troubles = {run.name: trouble(habits, run) for run in runs}
    rows: list[dict[str, str | float]] = []
    for name, way in _ways(graph, {run.name: run for run in runs}).items():
        told = [
            (truths[run], average_precision(truths[run].causes, way(run, found)) if found else 0.0)
            for run, found in troubles.items()
        ]
        means = {group: sum(p for _, p in rows) / len(rows) for group, rows in by_group(told).items()}
        rows.append({"way": name, **{group: round(mean, 3) for group, mean in means.items()}})
    return rows


def _ways(
    graph: CauseGraph | None, runs: Mapping[str, Recording]
) -> dict[str, Callable[[str, Trouble], Sequence[str]]]:
    def learned(found: Trouble) -> Sequence[str]:
        return ranked("", found, None).learned

    ways: dict[str, Callable[[str, Trouble], Sequence[str]]] = {
        "learned from normal production": lambda _, found: learned(found),
        "- without what should have come and did not": lambda _, found: learned(_without(found, "absent")),
        "- without what came unasked": lambda _, found: learned(_without(found, "unasked")),
        "- without what moved that never does": lambda _, found: learned(_without(found, "moved")),
        "- without numbers outside their band": lambda _, found: learned(_without(found, "outside")),
        "- sensors bound to commands not told from programs": lambda _, found: learned(_all_strong(found)),
        "- the first alarm only": lambda _, found: learned(Trouble(found.alarms[:1], found.odd)),
        "- in order of time only, reactions not set aside": lambda _, found: _in_time(found),
        "the last changes before the alarms, no habits": lambda run, found: _latest(runs[run], found),
    }
    if graph is not None:
        ways["with the expert's graph"] = lambda _, found: ranked("", found, graph).graph
        ways["- the graph without habits"] = lambda _, found: ranked("", Trouble(found.alarms, ()), graph).graph
        ways["- without what should have come and did not, graph"] = lambda _, found: (
            ranked("", _without(found, "absent"), graph).graph
        )
        ways["- without what came unasked, graph"] = lambda _, found: (
            ranked("", _without(found, "unasked"), graph).graph
        )
        ways["- the first alarm only, graph"] = lambda _, found: (
            ranked("", Trouble(found.alarms[:1], found.odd), graph).graph
        )
    return ways


def _without(found: Trouble, what: What) -> Trouble:
    return Trouble(found.alarms, tuple(odd for odd in found.odd if odd.what != what))


def _all_strong(found: Trouble) -> Trouble:
    return Trouble(found.alarms, tuple(replace(odd, strong=True) for odd in found.odd))


def _in_time(found: Trouble) -> list[str]:
    return list(dict.fromkeys(odd.signal for odd in found.odd))


def _latest(run: Recording, found: Trouble) -> list[str]:
    """Signals by how lately they changed before each alarm, the alarms in turn: the published baseline without a graph."""
    rows: list[list[str]] = []
    for at, _ in found.alarms:
        last = {
            name: max((moment for moment, _ in track.changes() if at - LOOK_BACK_S <= moment < at), default=None)
            for name, track in run.tracks.items()
            if track.kind != "alarm"
        }
        rows.append(
            [name for name, _ in sorted(((n, m) for n, m in last.items() if m is not None), key=lambda x: -x[1])]
        )
    depth = max((len(row) for row in rows), default=0)
    return list(dict.fromkeys(row[place] for place in range(depth) for row in rows if place < len(row)))
