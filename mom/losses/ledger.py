"""The loss rows: opened, updated while they last, closed; what turns out wrong is superseded, never deleted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.events import emit
from mom.losses.loss import Finding
from mom.losses.priced import cents, first_of, keep_price
from mom.models import Loss

MATTERS_S = 1.0
"""A smaller change of the lost seconds is not worth a new version."""
MATTERS = 0.01
"""The same for a share of time that was seen."""


@dataclass(slots=True)
class Changes:
    """Loss ids."""

    opened: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    alerts: set[int] = field(default_factory=set)  # worth telling people at once, whether or not listeners are told

    def __bool__(self) -> bool:
        return bool(self.opened or self.updated or self.closed)


@dataclass(frozen=True, slots=True)
class Book:
    """Where findings are written: a site, the moment, whether listeners are told."""

    session: AsyncSession
    site_id: int
    now: datetime
    wakes: bool
    changes: Changes


async def current_losses(
    session: AsyncSession,
    equipment: Collection[int],
    rules: Collection[str],
    start: datetime | None = None,
    end: datetime | None = None,
) -> list[Loss]:
    """Current rows of these rules; with `start`, those that began in [start, end)."""
    query = select(Loss).where(Loss.equipment_id.in_(equipment), Loss.rule.in_(rules), Loss.superseded_at.is_(None))
    if start is not None:
        query = query.where(Loss.started_at >= start)
    if end is not None:
        query = query.where(Loss.started_at < end)
    return list(await session.scalars(query.order_by(Loss.id)))


async def settle(
    book: Book, rule: str, equipment: Mapping[str, int], found: Iterable[tuple[str, Finding]], before: Sequence[Loss]
) -> None:
    """Make the rows `before` those in `found` ((path, finding)): matched by key, else by trouble and time.

    A key found twice (shifts that overlap) is one trouble: the first is taken.
    """
    left = {row.key: row for row in before}
    new: list[tuple[str, Finding]] = []
    once: dict[str, tuple[str, Finding]] = {}
    for path, finding in found:
        once.setdefault(finding.key, (path, finding))
    for path, finding in once.values():
        row = left.pop(finding.key, None)
        if row is None:
            new.append((path, finding))
        else:
            await _update(book, row, finding)
    for path, finding in new:
        row = _same_trouble(left.values(), finding)
        if row is not None:
            left.pop(row.key)
            row.key = finding.key
            await _update(book, row, finding)
        else:
            await _open(book, rule, equipment[path], finding)
    for row in left.values():
        await _withdraw(book, row)


def stem(key: str) -> str:
    """A joined trouble's key without the moment at which it began."""
    return key.partition("@")[0]


def _same_trouble(rows: Iterable[Loss], finding: Finding) -> Loss | None:
    """The row of the same joined trouble that overlaps it in time: late data moved its beginning."""
    if "@" not in finding.key:
        return None
    for row in rows:
        overlaps = (finding.end is None or row.started_at <= finding.end) and (
            row.ended_at is None or row.ended_at >= finding.start
        )
        if stem(row.key) == stem(finding.key) and overlaps:
            return row
    return None


async def _open(book: Book, rule: str, equipment: int, finding: Finding) -> None:
    row = Loss(
        site_id=book.site_id, equipment_id=equipment, rule=rule, key=finding.key, found_at=book.now, status="new"
    )
    _fill(row, finding, book.now)
    book.session.add(row)
    await book.session.flush()
    book.changes.opened.append(row.id)
    await _tell(book, "loss.opened", row)
    await _alert(book, row, finding)
    if row.ended_at is not None:
        book.changes.closed.append(row.id)
        await _tell(book, "loss.closed", row)


async def _update(book: Book, row: Loss, finding: Finding) -> None:
    was_open = row.ended_at is None
    if not _differs(row, finding):
        return
    await book.session.refresh(row, with_for_update=True)  # a price may have been written since it was read
    _fill(row, finding, book.now)
    await _alert(book, row, finding)
    if was_open and finding.end is not None:
        book.changes.closed.append(row.id)
        await _tell(book, "loss.closed", row)
    else:
        book.changes.updated.append(row.id)
        await _tell(book, "loss.updated", row)


async def _alert(book: Book, row: Loss, finding: Finding) -> None:
    """Once a row. For what a loaded past tells nobody is woken."""
    if finding.alerts:
        book.changes.alerts.add(row.id)
    if finding.alerts and row.alerted_at is None and book.wakes:
        row.alerted_at = book.now
        await _tell(book, "loss.alert", row)


async def _withdraw(book: Book, row: Loss) -> None:
    """It was no trouble after all: too short, or late data tell otherwise."""
    row.superseded_at = book.now
    row.updated_at = book.now
    book.changes.closed.append(row.id)
    await _tell(book, "loss.closed", row)


def _fill(row: Loss, finding: Finding, now: datetime) -> None:
    row.kind = finding.kind.value
    row.title, row.reason = finding.title, finding.reason
    row.started_at, row.ended_at = finding.start, finding.end
    figures = keep_price(row, finding)
    row.price_due = row.priced_at is not None
    row.seconds = finding.seconds
    row.coverage = finding.coverage
    row.evidence = list(finding.evidence)
    row.figures = figures
    row.updated_at = now


def _differs(row: Loss, finding: Finding) -> bool:
    units, money = first_of(row)
    return (
        row.ended_at != finding.end
        or row.started_at != finding.start
        or (row.kind, row.reason, row.title) != (finding.kind.value, finding.reason, finding.title)
        or abs(row.seconds - finding.seconds) >= MATTERS_S
        or abs(units - finding.units) >= 1
        or money != cents(finding.money)
        or abs(row.coverage - finding.coverage) >= MATTERS
        or row.evidence != list(finding.evidence)
    )


async def _tell(book: Book, kind: str, row: Loss) -> None:
    if not book.wakes:
        return
    body = {
        "rule": row.rule,
        "kind": row.kind,
        "title": row.title,
        "equipment_id": row.equipment_id,
        "money": None if row.money is None else float(row.money),
        "withdrawn": row.superseded_at is not None,
    }
    await book.session.flush()
    await emit(book.session, book.site_id, kind, f"loss:{row.id}", body)
