"""The schedule as the ERP tells it, kept as rows of our own: its planned times come with its orders."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import Equipment, ProductionOrder, ScheduleEntry, Site

PLAN = "erp:"
OPEN = ("planned", "released", "running")
SAME = timedelta(minutes=1)


async def follow_erp(session: AsyncSession, now: datetime) -> int:
    """Give open orders the place that the ERP planned, and take back that of orders that are done; the caller commits.

    A change that was approved here stands until the ERP sends the order again with other times, or closes it. Returns changed rows.
    """
    await session.execute(select(func.pg_advisory_xact_lock(0x4C53_5343)))
    old = {(e.site_id, e.order): e for e in await session.scalars(_current())}
    lines = {(e.site_id, e.path): e.id for e in await session.scalars(select(Equipment).where(Equipment.active))}
    codes = {site.id: site.code for site in await session.scalars(select(Site))}
    wanted = await session.scalars(
        select(ProductionOrder).where(ProductionOrder.status.in_(OPEN), func.upper_inf(ProductionOrder.recorded))
    )
    changed, open_orders = 0, set()
    for order in wanted:
        open_orders.add((order.site_id, order.key))
        place = _place(order, lines, codes.get(order.site_id, ""))
        if place is not None and _is_news(order, place, old.get((order.site_id, order.key))):
            await _replace(session, order, place, old.get((order.site_id, order.key)), now)
            changed += 1
    for key, entry in old.items():
        if key not in open_orders:
            entry.superseded_at = now
            changed += 1
    return changed


def _current() -> Any:
    return select(ScheduleEntry).where(ScheduleEntry.superseded_at.is_(None))


def _place(order: ProductionOrder, lines: dict[tuple[int, str], int], code: str) -> dict[str, Any] | None:
    """None when the ERP told no line or no times that can be read."""
    line = lines.get((order.site_id, order.line or "")) or lines.get((order.site_id, f"{code}/{order.line}"))
    start, end = (_time(order.more.get(name)) for name in ("starts_at", "ends_at"))
    if line is None or start is None or end is None or end <= start:
        return None
    return {"equipment_id": line, "starts_at": start, "ends_at": end}


def _time(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _is_news(order: ProductionOrder, place: dict[str, Any], entry: ScheduleEntry | None) -> bool:
    if entry is None:
        return True
    told = order.recorded.lower
    if not entry.plan.startswith(PLAN) and (told is None or told <= entry.created_at):
        return False
    same_line = entry.equipment_id == place["equipment_id"]
    return not same_line or any(abs(getattr(entry, name) - place[name]) > SAME for name in ("starts_at", "ends_at"))


async def _replace(
    session: AsyncSession, order: ProductionOrder, place: dict[str, Any], old: ScheduleEntry | None, now: datetime
) -> None:
    if old is not None:
        old.superseded_at = now
        await session.flush()
    told = order.recorded.lower
    name = f"{PLAN}{order.id}:{int(told.timestamp()) if told else 0}"
    session.add(ScheduleEntry(site_id=order.site_id, plan=name, order=order.key, created_at=now, **place))
    await session.flush()
