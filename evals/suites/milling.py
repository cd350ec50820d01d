"""Failure modes of a milling machine, named by rules that were learned from labelled rows and that a person can read."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.suite import Asked, Result, Suite
from mom.errors import BadInput

if TYPE_CHECKING:
    import numpy as np

    from evals.milling_rows import Labelled
    from mom.learned_rules.rule import Rules

SEED = 9301
FOLDS, SHORT_PARTS = 5, 2
"""The rows are cut into so many parts; the short form judges only some of them."""
AIM = 0.98
DECIDED = ("hdf", "pwf", "osf")
"""Heat, power and overstrain failures: the three modes that readings decide. The others happen by chance."""


async def run(asked: Asked) -> Result:
    """Every row is judged by rules that were learned without it. Raises BadInput."""
    from evals.milling_rows import labelled_rows
    from mom.learned_rules.learn import learn

    rows = labelled_rows(asked.data or Path())
    if not any(mode.lower() in DECIDED for mode in rows.modes):
        raise BadInput(
            f"None of the failure modes {', '.join(rows.modes)} is judged.",
            remedy=f"Call those that readings decide {', '.join(DECIDED).upper()}.",
        )
    learned_from = rows
    rows, held = _held_out(rows, SHORT_PARTS if asked.short else FOLDS, asked)
    asked.tell("The rules of all rows, to be read ...")
    rules = [learn(mode, learned_from.table, of_mode) for mode, of_mode in learned_from.modes.items()]
    table = [_row(mode, of_mode, held[mode]) for mode, of_mode in rows.modes.items()]
    unknown = _unknown(rows, held)
    scores, intervals = _scores(table)
    refused = sum(not named for named in unknown)
    if unknown:
        scores["unknown_refused"] = refused / len(unknown)
    wrong = [{"row": place, "failure without a mode, called": named} for place, named in enumerate(unknown) if named]
    return Result(
        suite="milling",
        cases=int(rows.failed.sum()),
        passed=_passed(rows, held),
        scores=scores,
        intervals=intervals,
        aims=_aims(rows),
        table=table,
        failures=wrong,
        notes=_notes(learned_from, rules, refused, len(unknown)),
    )


def _held_out(rows: "Labelled", parts: int, asked: Asked) -> "tuple[Labelled, dict[str, np.ndarray]]":
    """The rows judged, and for each mode whether it is named in each, by rules learned from the rows not in its part."""
    import numpy as np

    from mom.learned_rules.learn import learn

    fold_of = _folds(rows, SEED if asked.seed is None else asked.seed)
    held = {mode: np.zeros(rows.table.rows, bool) for mode in rows.modes}
    for part in range(parts):
        asked.tell(f"Learning without part {part + 1} of {FOLDS} ...")
        kept, out = np.flatnonzero(fold_of != part), np.flatnonzero(fold_of == part)
        training, judged = rows.table.of(kept), rows.table.of(out)
        for mode, of_mode in rows.modes.items():
            held[mode][out] = learn(mode, training, of_mode[kept]).holds(judged)
    chosen = fold_of < parts
    return rows.of(chosen), {mode: named[chosen] for mode, named in held.items()}


def _folds(rows: "Labelled", seed: int) -> "np.ndarray":
    """The part of each row, drawn; rows of the same modes are dealt out in turn, so that no part is without the seldom ones."""
    import numpy as np

    labels = np.stack([rows.failed, *rows.modes.values()], axis=1)
    _, alike = np.unique(labels, axis=0, return_inverse=True)
    fold_of = np.zeros(rows.table.rows, int)
    drawn = np.random.default_rng(seed).permutation(rows.table.rows)
    for kind in range(int(alike.max()) + 1):
        places = drawn[alike[drawn] == kind]
        fold_of[places] = np.arange(len(places)) % FOLDS
    return fold_of


def _row(mode: str, truth: "np.ndarray", named: "np.ndarray") -> dict[str, Any]:
    right, told, there = int((truth & named).sum()), int(named.sum()), int(truth.sum())
    return {
        "mode": mode,
        "rows": there,
        "named": told,
        "right": right,
        "precision": right / told if told else None,
        "recall": right / there if there else None,
    }


def _scores(table: Sequence[dict[str, Any]]) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    from evals.interval import wilson

    scores: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for row in table:
        for name, of in (("precision", row["named"]), ("recall", row["rows"])):
            if row[name] is not None and row["mode"].lower() in DECIDED:
                scores[f"{row['mode'].lower()}_{name}"] = row[name]
                intervals[f"{row['mode'].lower()}_{name}"] = wilson(row["right"], of)
    return scores, intervals


def _unknown(rows: "Labelled", held: "dict[str, np.ndarray]") -> list[list[str]]:
    """Of each failure that has no mode: which were named."""
    import numpy as np

    none = rows.failed & ~np.any(list(rows.modes.values()), axis=0)
    return [[mode for mode in held if held[mode][place]] for place in np.flatnonzero(none)]


def _passed(rows: "Labelled", held: "dict[str, np.ndarray]") -> int:
    """Failures of which exactly the decided modes that they have are named."""
    import numpy as np

    right = np.ones(rows.table.rows, bool)
    for mode, truth in rows.modes.items():
        right &= (held[mode] == truth) | (mode.lower() not in DECIDED and not held[mode].any())
    return int((right & rows.failed).sum())


def _aims(rows: "Labelled") -> dict[str, str]:
    """Of each decided mode that the rows are labelled with, named or not."""
    decided = [mode.lower() for mode in rows.modes if mode.lower() in DECIDED]
    aims = {f"{mode}_{name}": f"≥ {AIM}" for mode in decided for name in ("precision", "recall")}
    return aims | {"unknown_refused": "= 1"}


def _notes(rows: "Labelled", rules: "Sequence[Rules]", refused: int, unknown: int) -> list[str]:
    from mom.learned_rules.learn import best_rule

    lines = [
        f"Each row was judged by rules learned from the other {FOLDS - 1} of {FOLDS} parts. Learned from all rows:"
    ]
    for one in rules:
        if one.rules:
            lines += [f"  {sentence}" for sentence in one.told()]
            continue
        best = best_rule(one.cause, rows.table, rows.modes[one.cause])
        near = f"; the best, {best}, is right in {best.right} of {best.covered}" if best else ""
        lines.append(f"  {one.cause}: no rule is right often enough to name it{near}. It is never named.")
    never = sum(int(of_mode.sum()) for mode, of_mode in rows.modes.items() if mode.lower() not in DECIDED)
    lines.append(f"The {never} failures of modes without a rule are not named either: their cause stays unknown.")
    lines.append(f"Failures without a mode: {unknown}; cause unknown is the answer for {refused} of them.")
    return lines


SUITE_MILLING = Suite(
    "milling",
    "failure modes of a milling machine, named by learned rules that a person can read",
    run,
    needs_data="a folder with a CSV of readings (name [unit]) and failure modes (0 or 1)",
    data_default="milling-ai4i2020",
)
