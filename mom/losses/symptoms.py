"""One row a trouble: a condition that led up to a loss, or came with it, is that loss's sign and no trouble of its own."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from mom.facts import Window
from mom.losses.ledger import Book
from mom.models import Loss, Stop

SIGNS = ("drift", "lying_sensor", "counter_still")
BEFORE, AFTER = timedelta(hours=1), timedelta(minutes=30)
"""A loss may be found so long before its condition, a condition end so long after its loss."""
LONG_STOP_S = 480.0
"""A shorter stop mends nothing."""


async def join_symptoms(book: Book, equipment: Collection[int], window: Window) -> None:
    """Tie each condition in the window to the loss of its machine that it is a sign of; the caller commits."""
    rows = list(
        await book.session.scalars(
            select(Loss)
            .where(Loss.equipment_id.in_(equipment), Loss.superseded_at.is_(None), Loss.started_at < window.end)
            .where(or_(Loss.ended_at.is_(None), Loss.ended_at > window.start - AFTER))
            .order_by(Loss.started_at, Loss.id)
        )
    )
    for sign in rows:
        if sign.rule in SIGNS:
            told_by = [row for row in rows if row.equipment_id == sign.equipment_id and row.rule not in SIGNS]
            loss = trouble_of(sign, told_by, book.now) or await _pattern_of(book, sign, told_by)
            sign.symptom_of = loss.id if loss is not None else None


async def _pattern_of(book: Book, sign: Loss, losses: Sequence[Loss]) -> Loss | None:
    """The pattern of short stops that came more often while the condition was there than else."""
    patterns = [loss for loss in losses if loss.rule == "minor_stops" and _touch(sign, loss, book.now)]
    for loss in patterns:
        first = min(loss.started_at, sign.started_at) - timedelta(days=2)
        query = select(Stop.started_at).where(Stop.equipment_id == sign.equipment_id, Stop.superseded_at.is_(None))
        stops = list(await book.session.scalars(query.where(Stop.reason == loss.reason, Stop.started_at >= first)))
        if _more_often(stops, sign.started_at, sign.ended_at or book.now, first, book.now):
            return loss
    return None


def _touch(sign: Loss, loss: Loss, now: datetime) -> bool:
    return sign.started_at < (loss.ended_at or now) and loss.started_at < (sign.ended_at or now)


def _more_often(stops: Sequence[datetime], start: datetime, end: datetime, first: datetime, now: datetime) -> bool:
    """Poisson counts in and outside a span, by their square roots: the difference has to be three of their spreads."""
    inside = sum(start <= at < end for at in stops)
    hours = (end - start) / timedelta(hours=1)
    other = max((now - first) / timedelta(hours=1) - hours, 1.0)
    rate = (len(stops) - inside) / other
    return inside >= 4 and 2 * (inside**0.5 - (rate * hours) ** 0.5) > 3.0


def trouble_of(sign: Loss, losses: Sequence[Loss], now: datetime) -> Loss | None:
    """The loss that the condition `sign` belongs to: a long stop with which it ended, else scrap or slow running that it
    goes along with."""
    ended = sign.ended_at or now
    for loss in losses:
        over = loss.ended_at or now
        if loss.rule == "stop" and loss.seconds >= LONG_STOP_S:
            mended = sign.started_at <= loss.started_at and loss.started_at - BEFORE <= ended <= over + AFTER
            if mended:
                return loss
    along = [
        loss for loss in losses if loss.rule in ("scrap", "reduced_speed", "own_best") and _goes_along(sign, loss, now)
    ]
    return min(along, key=lambda loss: abs(loss.started_at - sign.started_at), default=None)


def _goes_along(sign: Loss, loss: Loss, now: datetime) -> bool:
    if loss.rule == "reduced_speed" and sign.rule == "lying_sensor":
        return False
    ended, over = sign.ended_at or now, loss.ended_at or now
    shared = min(ended, over) - max(sign.started_at, loss.started_at)
    shorter = max(min(ended - sign.started_at, over - loss.started_at), timedelta(minutes=1))
    return shared >= 0.5 * shorter and loss.started_at >= sign.started_at - 4 * BEFORE
