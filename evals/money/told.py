"""What losses are said to cost, against what their troubles cost in truth.

A drawn trouble is paired with the loss rows of its machine that one of its rules found and that touch its time (of a row
that goes on for shifts, its parts); their money and their intervals are added, and a trouble without a row is said to
cost nothing. The truth is the same plant and
seed run again without the trouble. Troubles that can cost nothing by their nature (a drift without a loss, a sensor that
lies, an innocent change) are left out. `error` is relative to the truth, or to one minute of the line where the truth is
less: the clock, not the money, is what cannot be told more exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.losses.share import parts_of
from mom.models import Equipment, Loss

FIFTH = 0.2
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
    def right(self) -> bool:
        """Told to a fifth."""
        return self.error <= FIFTH

    @property
    def held(self) -> bool:
        """Whether the stated interval holds the truth, in whole money as it is told. Less than nothing is nothing: a run without
        the trouble that ends a little worse is the luck of what came after."""
        return round(self.low) <= round(max(self.true, 0.0)) <= round(self.high)

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
    rows = [(loss, path.partition("/")[2]) for loss, path in await session.execute(query)]
    troubles = [one for one in truth if one["costs"] and not one["innocent"]]
    mine: dict[str, list[Piece]] = {one["name"]: [] for one in troubles}
    for loss, path in rows:
        for piece in pieces_of(loss):
            fitting = [one for one in troubles if _fits(piece, path, one)]
            if fitting:
                mine[max(fitting, key=lambda one: _overlap(piece, one))["name"]].append(piece)
    return [_told(seed, one, mine[one["name"]], costs[one["name"]]["money"], file) for one in troubles]


@dataclass(frozen=True)
class Piece:
    """A row, or of one that goes on for shifts its part in one of them, with its share of the money."""

    loss: Loss
    start: datetime
    end: datetime | None
    money: float
    low: float
    high: float


def pieces_of(loss: Loss) -> list[Piece]:
    money, low, high = _float(loss.money), _float(loss.money_low), _float(loss.money_high)
    if loss.money_low is None or loss.money_high is None:
        low = high = money
    parts = parts_of(loss)
    if not parts:
        return [Piece(loss, loss.started_at, loss.ended_at, money, low, high)]
    shares = [_float(part.money) / money if money > 0 else 1 / len(parts) for part in parts]
    return [
        Piece(loss, part.start, max(part.end, part.start + AROUND), share * money, share * low, share * high)
        for part, share in zip(parts, shares, strict=True)
    ]


def _fits(piece: Piece, path: str, trouble: Mapping[str, Any]) -> bool:
    """A trouble of a whole line is told of one of its machines."""
    here = path == trouble["equipment"] or path.startswith(f"{trouble['equipment']}/")
    return piece.loss.rule in trouble["loss"] and here and _overlap(piece, trouble) > 0


def _overlap(piece: Piece, trouble: Mapping[str, Any]) -> float:
    far = trouble["from"] + timedelta(days=365)
    end = piece.end or far
    low = max(piece.start, trouble["from"] - AROUND)
    high = min(end, (trouble["to"] or far) + AROUND)
    return float(max(0.0, (high - low).total_seconds()))


def _told(seed: int, trouble: Mapping[str, Any], pieces: Sequence[Piece], true: float, file: Mapping[str, Any]) -> Told:
    dearest = max(pieces, key=lambda piece: piece.money).loss if pieces else None
    cost: Mapping[str, Any] = dearest.figures.get("cost", {}) if dearest else {}
    return Told(
        seed=seed,
        name=trouble["name"],
        trouble=trouble["trouble"],
        equipment=trouble["equipment"],
        rows=tuple(dict.fromkeys(piece.loss.id for piece in pieces)),
        kind=dearest.kind if dearest else "",
        method=cost.get("by", ""),
        stated=sum(piece.money for piece in pieces),
        low=sum(piece.low for piece in pieces),
        high=sum(piece.high for piece in pieces),
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


@dataclass(frozen=True)
class MoneyScore:
    """`table`: by kind of trouble. `worst`: the largest errors in money first."""

    scores: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    table: list[dict[str, Any]]
    worst: list[Told]
    notes: list[str]


def scores(told: Sequence[Told]) -> MoneyScore:
    """Spearman's rank correlation (of two troubles there is none), the median error and the share of intervals that hold
    the truth; 95 % intervals by bootstrap over troubles, of the share by Wilson. A cost that is stated without an interval,
    and that of a trouble without a row (nothing), is an interval of that one figure: it seldom holds."""
    import numpy as np
    from scipy.stats import spearmanr

    from evals.interval import redrawn, shares

    true, stated = np.array([one.true for one in told]), np.array([one.stated for one in told])
    errors = np.array([one.error for one in told])
    held = sum(one.held for one in told)
    found, intervals = shares({"money_interval": (held, len(told))})
    if len(told):
        found["money_error"] = float(np.median(errors))
    if len(told) > 2:
        found["money_rank"] = float(spearmanr(true, stated).statistic)
    if len(told) >= 10:
        intervals["money_rank"] = redrawn(lambda a, b: spearmanr(a, b).statistic, true, stated, times=500)
        intervals["money_error"] = redrawn(np.median, errors)
    kinds = sorted({one.trouble for one in told})
    table = [_row(kind, [one for one in told if one.trouble == kind]) for kind in kinds]
    worst = sorted((one for one in told if not one.right), key=lambda one: -abs(one.stated - one.true))
    whole = f"Money: {sum(true):,.0f} in truth, {sum(stated):,.0f} stated, over {len(told)} troubles."
    return MoneyScore(found, intervals, table, worst, [whole])


def _row(kind: str, some: Sequence[Told]) -> dict[str, Any]:
    from statistics import median

    return {
        "trouble": kind,
        "cases": len(some),
        "no row": sum(not one.rows for one in some),
        "replayed": sum(one.method == "replay" for one in some),
        "true": sum(one.true for one in some),
        "stated": sum(one.stated for one in some),
        "median error": median(one.error for one in some),
        "interval holds": sum(one.held for one in some) / len(some),
    }
