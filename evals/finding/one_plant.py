"""Whether losses are found: each trouble once, nothing that was not there, and how late.

What counts, on a drawn plant whose maker knows everything:

- A *row* is a current loss that a person sees: signs that are tied to another loss are not rows of their own.
- A row is **right** if it tells of a drawn trouble: found by one of the rules that may rightly report it, at its machine
  (of a line's trouble: at one of its machines or the line), while it was there; one row a trouble, and of a breakdown that
  came again one row a stop. Or if it tells of something ordinary that truly was there: a stop as long as the plant's
  limit for minor stops, three short stops of one machine, a change-over that truly took longer than its standard allows.
- Everything else is **wrong**: a drift where nothing drifted, slow running of a machine that ran as it should, a second
  row for the same trouble. `precision` is the share of right rows.
- A trouble is **found** if at least one row of it is there. Innocent changes, and troubles of which no reading could tell
  anything, are not asked for. `recall` is the share of troubles found.
- `lag_s` is the time of the plant from the first reading that could tell (by the drawn plant's own truth, an oracle that
  knows what to look for) to the pass of the worker in which a rule told of it, of every rule (`evals/finding/telling.py`);
  `lag_s_RULE` of those that one rule told first.
- `delay_s` is the wall clock's share, from the reading stored to the row committed (`evals/finding/delay.py`).
  `delay_missed` is the share of those that did not come within its patience; they count as endless in the median.
- An *alert* is what the rules themselves mark as worth waking people for (`Finding.alerts`, which `loss.alert` is told
  by), symptoms too. `alerts_an_hour` counts those of hours of a line in which no trouble was on.
- `precision_without_stops` leaves the rule for stops out, of which most rows are.

What nothing was there for (no row, no trouble, no delay) has no score, and so does not reach its aim.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evals.drawn import Built
from evals.finding.delay import delays_of
from evals.finding.ordinary import Ordinary, Row
from evals.finding.telling import Lag, known_of, lags_of
from mom.database.access import Store
from mom.models import Equipment, Loss

AROUND = timedelta(minutes=15)
"""A row may begin or end so much beside its trouble: half a dozen means, a buffer's time."""
Truth = Mapping[str, Any]


@dataclass(frozen=True)
class Scored:
    """One plant. `by_kind`: kind of trouble -> (found, asked). `by_rule`: rule -> (right, rows)."""

    seed: int
    by_kind: dict[str, tuple[int, int]]
    by_rule: dict[str, tuple[int, int]]
    lags: dict[str, list[float]]  # by rule
    quiet_alerts: int
    quiet_hours: float
    delays: list[float] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)


async def score_finding(store: Store, built: Built, folder: Path | None = None) -> Scored:
    """The rows of a drawn plant against its truth; with a folder for a spool also how late a live row comes. That adds
    live readings to the store: look at everything else before."""
    async with store.read() as session:
        scored = await _scored(session, built)
        lags = lags_of(await known_of(session, built), _asked(built.truth, built.drawn.now))
    scored = replace(scored, lags=_by_rule(lags))
    return scored if folder is None else replace(scored, delays=await delays_of(store, built, folder))


def _asked(truth: Sequence[Truth], now: datetime) -> list[Truth]:
    """Troubles that some reading could tell of."""
    return [one for one in truth if not one["innocent"] and one["telling"] is not None and one["telling"] < now]


def _by_rule(lags: Iterable[Lag]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for lag in lags:
        found.setdefault(lag.rule, []).append(lag.seconds)
    return found


async def _scored(session: AsyncSession, built: Built) -> Scored:
    now = built.drawn.now
    query = (
        select(Loss, Equipment.path)
        .join(Equipment, Equipment.id == Loss.equipment_id)
        .where(Loss.site_id == built.site_id, Loss.superseded_at.is_(None))
        .order_by(Loss.started_at, Loss.id)
    )
    rows = [_row(loss, path, now, built.alerts) for loss, path in (await session.execute(query)).all()]
    return score(rows, built.truth, Ordinary(built.drawn), built.drawn.seed, built.drawn.now)


def _row(loss: Loss, path: str, now: datetime, alerts: Collection[int]) -> Row:
    end = loss.ended_at or now
    if loss.ended_at is None and loss.figures.get("parts"):
        end = datetime.fromisoformat(loss.figures["parts"][-1]["to"])
    below, symptom = path.partition("/")[2], loss.symptom_of is not None
    return Row(loss.id, loss.rule, below, loss.title, loss.started_at, end, loss.id in alerts, symptom)


def score(rows: Sequence[Row], truth: Sequence[Truth], ordinary: Ordinary, seed: int, now: datetime) -> Scored:
    asked = _asked(truth, now)
    taken: dict[str, list[Row]] = {one["name"]: [] for one in truth}
    by_rule: dict[str, tuple[int, int]] = {}
    failures: list[dict[str, Any]] = []
    for row in (row for row in rows if not row.symptom):
        mine = _trouble_of(row, truth, taken, now)
        if mine is not None:
            taken[mine["name"]].append(row)
        right = mine is not None or ordinary.explains(row)
        good, count = by_rule.get(row.rule, (0, 0))
        by_rule[row.rule] = good + right, count + 1
        if not right:
            failures.append(_wrong(seed, row))
    by_kind: dict[str, tuple[int, int]] = {}
    for one in asked:
        found, count = by_kind.get(one["trouble"], (0, 0))
        by_kind[one["trouble"]] = found + bool(taken[one["name"]]), count + 1
        if not taken[one["name"]]:
            failures.append(_missed(seed, one))
    quiet, hours = _quiet(rows, truth, now, ordinary)
    return Scored(seed, by_kind, by_rule, {}, quiet, hours, [], failures)


def _trouble_of(row: Row, truth: Sequence[Truth], taken: Mapping[str, list[Row]], now: datetime) -> Truth | None:
    """The trouble that the row tells of, and that has no other row for it yet."""
    fitting = [one for one in truth if not one["innocent"] and row.rule in one["loss"] and _here(row, one)]
    fitting = [one for one in fitting if _shares(row, one, now) and not _told_already(row, one, taken[one["name"]])]
    return max(fitting, key=lambda one: _seconds(row, one, now), default=None)


def _here(row: Row, one: Truth) -> bool:
    where = one["equipment"]
    whole_line = "/" not in where and row.path.startswith(f"{where}/")
    return (
        row.path == where
        or whole_line
        or (row.rule in ("link_silent", "starved", "blocked") and where.startswith(f"{row.path}/"))
    )


def _seconds(row: Row, one: Truth, now: datetime) -> float:
    low, high = max(row.start, one["from"] - AROUND), min(row.end, (one["to"] or now) + AROUND)
    return float((high - low).total_seconds())


def _shares(row: Row, one: Truth, now: datetime) -> bool:
    if row.rule == "stop" and one["stops"]:
        return any(_near(row, start, end) for start, end in one["stops"])
    return _seconds(row, one, now) >= 0


def _near(row: Row, start: datetime, end: datetime) -> bool:
    minute = timedelta(minutes=2)
    return row.start <= end + minute and row.end >= start - minute


def _told_already(row: Row, one: Truth, before: Iterable[Row]) -> bool:
    """A row for the same stop, or the same time, is there already."""
    for other in before:
        if row.rule == "stop" and other.rule == "stop":
            if any(_near(row, start, end) and _near(other, start, end) for start, end in one["stops"]):
                return True
        elif row.rule not in ("set_up", "starved", "blocked") and row.start < other.end and other.start < row.end:
            return True
    return False


def _wrong(seed: int, row: Row) -> dict[str, Any]:
    return {"plant": seed, "what": "wrong row", "rule": row.rule, "at": row.path, "row": row.title,
            "from": f"{row.start:%d %H:%M}", "to": f"{row.end:%d %H:%M}"}  # fmt: skip


def _missed(seed: int, one: Truth) -> dict[str, Any]:
    return {"plant": seed, "what": "missed", "rule": one["trouble"], "at": one["equipment"], "row": one["says"],
            "from": f"{one['from']:%d %H:%M}", "to": f"{one['to']:%d %H:%M}" if one["to"] else "now"}  # fmt: skip


def _quiet(rows: Sequence[Row], truth: Sequence[Truth], now: datetime, ordinary: Ordinary) -> tuple[int, float]:
    """(alerts, hours) of lines while none of their troubles was on."""
    alerts, hours = 0, 0.0
    for line in ordinary.lines:
        on = [
            (t["from"] - AROUND, (t["to"] or now) + AROUND) for t in truth if t["equipment"].partition("/")[0] == line
        ]
        at, step = ordinary.start, timedelta(minutes=30)
        while at + step <= now:
            if not any(start < at + step and at < end for start, end in on):
                hours += 0.5
                alerts += sum(
                    row.alerts and row.path.partition("/")[0] == line and at <= row.start < at + step for row in rows
                )
            at += step
    return alerts, hours
