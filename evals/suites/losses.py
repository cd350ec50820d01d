"""Losses on fresh plants: are they found, at once, and is what they are said to cost what they cost in truth?"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evals.suite import Asked, Result, Suite
from mom.errors import NotFound

if TYPE_CHECKING:
    from evals.losing import Lost
    from evals.money.told import Told

FIRST_SEED, PLANTS = 19000, 45
SHORT = 1
AIMS = {
    "precision": "≥ 0.95",
    "recall": "≥ 0.95",
    "delay_s": "≤ 2",
    "delay_missed": "= 0",
    "alerts_an_hour": "≤ 2",
    "money_rank": "≥ 0.9",
    "money_error": "≤ 0.2",
    "money_interval": "0.86 to 0.94",
}
COST_NOTHING = ("counter_still", "drift", "link_silent", "sensor_lies")
"""Kinds of trouble that have no money to be judged by."""
WORST = 12
"""Of the money that was told wrongly so many are listed."""


async def run(asked: Asked) -> Result:
    """Every figure from the same plants; with `row` of one kind of trouble alone. Raises NotFound."""
    from evals.losing import measured

    _known(asked.row)
    seed = FIRST_SEED if asked.seed is None else asked.seed
    count = asked.plants or (SHORT if asked.short else PLANTS)
    seeds = range(seed, seed + count)
    plants = await asyncio.to_thread(measured, seeds, asked.folder, asked.tell, finding=True)
    return joined(plants, asked.row)


def _known(row: str | None) -> None:
    from simulator.drawn.registry import all_kinds

    known = [kind for kind in all_kinds() if kind not in COST_NOTHING]
    if row is not None and row not in known:
        raise NotFound(f"There is no kind of trouble {row!r} that costs.", remedy=f"Known: {', '.join(known)}.")


def joined(plants: "Sequence[Lost]", row: str | None = None) -> Result:
    """The scores of money and of finding from the same plants; of one kind of trouble (`row`) money alone."""
    from evals.finding.many_plants import summed
    from evals.money.told import scores as scored

    told = [one for plant in plants for one in plant.told if row in (None, one.trouble)]
    money = scored(told)
    finding = summed([plant.scored for plant in plants if plant.scored is not None and row is None])
    scores = (finding.scores if row is None else {}) | money.scores
    return Result(
        suite="losses",
        cases=len(told),
        passed=sum(one.right for one in told),
        scores=scores,
        intervals={**finding.intervals, **money.intervals},
        aims={name: aim for name, aim in AIMS.items() if row is None or name.startswith("money")},
        table=_table(money.table, finding.table),
        failures=[*finding.failures, *(_plain(one) for one in money.worst[:WORST])],
        notes=[*finding.notes, *money.notes],
    )


def _table(money: Sequence[Mapping[str, Any]], finding: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A line a kind of trouble: how many were found, what they cost and were said to cost; then a line a rule."""
    costs = {f"trouble {row['trouble']}": row for row in money}
    names = ("cases", "true", "stated", "median error", "interval holds")
    found = [
        {"what": row["what"], "right": row["right"], "of": row["of"], "median lag s": row.get("median lag s")}
        | {name: costs.get(row["what"], {}).get(name) for name in names}
        for row in finding
    ]
    seen = {row["what"] for row in finding}
    rest = [
        {"what": what, "right": None, "of": None, "median lag s": None} | {n: row[n] for n in names}
        for what, row in costs.items()
        if what not in seen
    ]
    return [*found, *rest]


def _plain(one: "Told") -> dict[str, Any]:
    return {
        "plant": one.seed,
        "trouble": f"{one.name} {one.trouble} at {one.equipment}",
        "true": round(one.true),
        "stated": f"{one.stated:.0f} ({one.low:.0f} to {one.high:.0f})",
        "rows": len(one.rows),
    }


SUITE_LOSSES = Suite(
    "losses", "losses of fresh plants: found, at once, and priced as their troubles truly cost", run, takes_row=True
)
