"""What losses are said to cost, against what their troubles cost in truth.

A drawn trouble is paired with the loss rows of its machine that one of its rules found and that touch its time; their
money and their intervals are added, and a trouble without a row is said to cost nothing. The truth is the same plant and
seed run again without the trouble. Troubles that can cost nothing by their nature (a drift without a loss, a sensor that
lies, an innocent change) are left out. `error` is relative to the truth, or to one minute of the line where the truth is
less: the clock, not the money, is what cannot be told more exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import Equipment, Loss

AROUND = timedelta(minutes=10)
"""A row may begin or end so much beside its trouble: a buffer's time."""


@dataclass(frozen=True)
class Told:
    """One trouble: what was said of it and what it cost. `minute`: what a minute of the line is worth."""

    seed: int
    name: str
    trouble: str
    equipment: str
    rows: tuple[int, ...]
    kind: str
    method: str
    stated: float
    low: float
    high: float
    true: float
    minute: float
    line_second: float

    @property
    def error(self) -> float:
        return abs(self.stated - self.true) / max(abs(self.true), self.minute)

    @property
    def held(self) -> bool:
        """Whether the stated interval holds the truth, to a tenth of a minute of the line."""
        return self.low - self.minute / 10 <= self.true <= self.high + self.minute / 10

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"error": self.error, "held": self.held}


async def told_of(
    session: AsyncSession,
    site_id: int,
    seed: int,
    truth: Sequence[Mapping[str, Any]],
    costs: Mapping[str, Mapping[str, float]],
    file: Mapping[str, Any],
) -> list[Told]:
    """Each trouble of a drawn plant that can cost, with what the loss rows of the site say of it. `file`: the plant's."""
    query = (
        select(Loss, Equipment.path)
        .join(Equipment, Equipment.id == Loss.equipment_id)
        .where(Loss.site_id == site_id, Loss.superseded_at.is_(None), Loss.symptom_of.is_(None))
    )
    rows = [(loss, path.partition("/")[2]) for loss, path in (await session.execute(query)).tuples()]
    troubles = [one for one in truth if one["costs"] and not one["innocent"]]
    mine: dict[str, list[Loss]] = {one["name"]: [] for one in troubles}
    for loss, path in rows:
        fitting = [one for one in troubles if _fits(loss, path, one)]
        if fitting:
            mine[max(fitting, key=lambda one: _overlap(loss, one))["name"]].append(loss)
    return [_told(seed, one, mine[one["name"]], costs[one["name"]]["money"], file) for one in troubles]


def _fits(loss: Loss, path: str, trouble: Mapping[str, Any]) -> bool:
    """A trouble of a whole line is told of one of its machines."""
    here = path == trouble["equipment"] or path.startswith(f"{trouble['equipment']}/")
    return loss.rule in trouble["loss"] and here and _overlap(loss, trouble) > 0


def _overlap(loss: Loss, trouble: Mapping[str, Any]) -> float:
    far = trouble["from"] + timedelta(days=365)
    end = loss.ended_at or far
    low = max(loss.started_at, trouble["from"] - AROUND)
    high = min(end, (trouble["to"] or far) + AROUND)
    return float(max(0.0, (high - low).total_seconds()))


def _told(seed: int, trouble: Mapping[str, Any], rows: Sequence[Loss], true: float, file: Mapping[str, Any]) -> Told:
    money = sum(_float(row.money) for row in rows)
    low = sum(_float(row.money if row.money_low is None else row.money_low) for row in rows)
    high = sum(_float(row.money if row.money_high is None else row.money_high) for row in rows)
    dearest = max(rows, key=lambda row: _float(row.money), default=None)
    cost: Mapping[str, Any] = dearest.figures.get("cost", {}) if dearest else {}
    return Told(
        seed=seed,
        name=trouble["name"],
        trouble=trouble["trouble"],
        equipment=trouble["equipment"],
        rows=tuple(row.id for row in rows),
        kind=dearest.kind if dearest else "",
        method=cost.get("by", ""),
        stated=money,
        low=low,
        high=high,
        true=true,
        minute=line_minute(file, trouble["equipment"]),
        line_second=cost.get("lost_second", 0.0),
    )


def _float(amount: Decimal | None) -> float:
    return float(amount) if amount is not None else 0.0


def line_minute(file: Mapping[str, Any], equipment: str) -> float:
    """What a minute of a machine's line is worth by the plant file: the mean of its products' rate times margin."""
    line = equipment.partition("/")[0]
    mine = [p for p in file["products"] if line in p["rates"]] or file["products"]
    worth = [float(p["rates"].get(line) or next(iter(p["rates"].values()))) * float(p["margin"]) for p in mine]
    return sum(worth) / len(worth)
