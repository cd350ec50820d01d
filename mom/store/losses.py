"""Losses of a window, and one of them."""

from collections.abc import Sequence

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import NotFound
from mom.facts import Window
from mom.losses.loss import CONDITIONS
from mom.models import Equipment, Loss


async def losses_in(
    session: AsyncSession, site_id: int, window: Window, *, below: str | None = None, limit: int = 500
) -> Sequence[Row[Loss, Equipment]]:
    """The current losses that touch `window`, the dearest first. `below`: of this path and what lies under it."""
    query = _touching(site_id, window, below).where(Loss.kind.not_in([kind.value for kind in CONDITIONS]))
    return (await session.execute(query.order_by(Loss.money.desc().nulls_last(), Loss.id).limit(limit))).all()


async def conditions_in(
    session: AsyncSession, site_id: int, window: Window, *, below: str | None = None, limit: int = 100
) -> Sequence[Row[Loss, Equipment]]:
    """What costs nothing yet and should be looked at, current in `window`: what still lasts first, the newest first. One
    that turned out to be a sign of a loss names it (`symptom_of`)."""
    query = _touching(site_id, window, below).where(Loss.kind.in_([kind.value for kind in CONDITIONS]))
    order = Loss.ended_at.is_not(None), Loss.started_at.desc(), Loss.id
    return (await session.execute(query.order_by(*order).limit(limit))).all()


def _touching(site_id: int, window: Window, below: str | None) -> Select[Loss, Equipment]:
    query = (
        select(Loss, Equipment)
        .join(Equipment, Equipment.id == Loss.equipment_id)
        .where(Loss.site_id == site_id, Loss.superseded_at.is_(None), Loss.started_at < window.end)
        .where(or_(Loss.ended_at.is_(None), Loss.ended_at > window.start))
    )
    if below is not None:
        query = query.where(or_(Equipment.path == below, Equipment.path.startswith(f"{below}/", autoescape=True)))
    return query


async def loss_of(session: AsyncSession, loss_id: int, site_id: int) -> tuple[Loss, Equipment]:
    """One loss with its equipment, a superseded one too: a citation stays what it was. Raises NotFound."""
    query = select(Loss, Equipment).join(Equipment, Equipment.id == Loss.equipment_id)
    found = (await session.execute(query.where(Loss.id == loss_id, Loss.site_id == site_id))).first()
    if found is None:
        raise NotFound(f"There is no loss {loss_id}.")
    return found[0], found[1]
