"""Price the losses that wait for it: those that are new, that changed, that still last, that were priced long ago."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from mom.database.access import Store
from mom.facts import Window
from mom.losses.gathered import gathered
from mom.losses.loss import LossKind
from mom.losses.priced import cents, first_estimate, first_of
from mom.models import Equipment, Loss
from mom.money.band import interval
from mom.money.line import lines_facts
from mom.money.metered import metered
from mom.money.price import AHEAD, Asked, Costs, Price, prices
from mom.money.taken import is_replayed, joined, windows_of
from mom.store.facts import scene_of
from mom.store.plants import Layout, layout_of

STRETCH = timedelta(days=3)
"""So much of a long past is replayed at once."""
BEFORE, AFTER = timedelta(hours=4), timedelta(hours=12)
"""The line's time around a stretch: how full it was before, and what came of it behind."""
LASTING = timedelta(minutes=15)
"""What lasts is priced anew that often."""
LATER, SETTLED = timedelta(hours=6), timedelta(days=2)
"""What ended is priced anew after LATER, until SETTLED has passed: the line may have caught up."""
MOST = 400
SITES = text("SELECT DISTINCT site_id FROM losses WHERE superseded_at IS NULL AND updated_at > :since ORDER BY site_id")
RECENT = timedelta(days=45)


@dataclass(frozen=True)
class Waiting:
    """A loss row as it was read; its price is only written if it is still so."""

    loss: Loss
    path: str
    windows: tuple[Window, ...]


async def price_next(store: Store, now: datetime) -> int:
    """Price what waits at one site, one stretch of time of it; returns how many losses. 0: nothing waits."""
    async with store.read() as session:
        sites = [int(row[0]) for row in await session.execute(SITES, {"since": now - RECENT})]
    for site_id in sites:
        async with store.read() as session:
            done = await _reckon(session, site_id, now)
        if done:
            async with store.write.begin() as session:
                await _write(session, done, now)
            return len(done)
    return 0


async def price_all(session: AsyncSession, site_id: int, now: datetime) -> int:
    """Price every loss of a site that waits, the caller commits. Returns how many."""
    count = 0
    while done := await _reckon(session, site_id, now):
        await _write(session, done, now)
        await session.flush()
        count += len(done)
    return count


async def waiting(session: AsyncSession, site_id: int, now: datetime) -> list[Waiting]:
    """The losses of one stretch of time that wait for a price: the latest stretch, for that is what people look at."""
    open_again = Loss.ended_at.is_(None) & (Loss.priced_at < now - LASTING)
    later = (Loss.priced_at < now - LATER) & (Loss.ended_at > now - SETTLED)
    due = or_(Loss.priced_at.is_(None), Loss.ended_at.is_not(None) & Loss.price_due, open_again, later)
    query = (
        select(Loss, Equipment.path)
        .join(Equipment, Equipment.id == Loss.equipment_id)
        .where(Loss.site_id == site_id, Loss.superseded_at.is_(None), due, Loss.started_at <= now)
        .order_by(Loss.started_at.desc(), Loss.id)
        .limit(MOST)
    )
    found = [Waiting(loss, path, tuple(windows_of(loss, now))) for loss, path in await session.execute(query)]
    first = max((one.loss.started_at for one in found), default=now) - STRETCH
    return [one for one in found if one.loss.started_at >= first]


async def _reckon(session: AsyncSession, site_id: int, now: datetime) -> list[tuple[Waiting, Price | None]]:
    """Every waiting loss of a stretch with its price; None: it costs nothing by itself."""
    found = await waiting(session, site_id, now)
    if not found:
        return []
    layout = await layout_of(session, site_id)
    costs = costs_of(layout)
    priced: dict[int, Price] = {}
    costly = [one for one in found if is_replayed(one.loss) and one.path in layout.machines]
    for stretch in _stretches(costly):
        for lines, some in _groups(layout, costly, stretch):
            for loss, price in (await _stretch(session, layout, lines, some, stretch, costs, now)).items():
                priced[loss] = priced[loss].plus(price) if loss in priced else price
    return [(one, priced.get(one.loss.id)) for one in found]


def _stretches(found: Sequence[Waiting]) -> list[Window]:
    """Stretches of time that hold all of the losses' windows."""
    starts = [w.start for one in found for w in one.windows]
    if not starts:
        return []
    at, end = min(starts), max(starts)
    stretches = []
    while at <= end:
        stretches.append(Window(at, at + STRETCH))
        at += STRETCH
    return stretches


def _groups(
    layout: Layout, found: Sequence[Waiting], stretch: Window
) -> list[tuple[list[str], list[tuple[Waiting, tuple[Window, ...]]]]]:
    """Lines that share a machine together, with what was lost there in the stretch."""
    groups: list[tuple[set[str], list[tuple[Waiting, tuple[Window, ...]]]]] = []
    for one in found:
        windows = tuple(w for w in one.windows if stretch.start <= w.start < stretch.end)
        if not windows:
            continue
        mine = _joined(layout, one.path)
        group = next((g for g in groups if g[0] & mine), None)
        if group is None:
            groups.append((mine, [(one, windows)]))
        else:
            group[0].update(mine)
            group[1].append((one, windows))
    return [(sorted(lines), some) for lines, some in groups]


def _joined(layout: Layout, path: str) -> set[str]:
    return {line for line in layout.lines_of(path) if layout.units(line)}


async def _stretch(
    session: AsyncSession,
    layout: Layout,
    lines: list[str],
    some: Sequence[tuple[Waiting, tuple[Window, ...]]],
    stretch: Window,
    costs: Costs,
    now: datetime,
) -> dict[int, Price]:
    first = min(w.start for _, windows in some for w in windows)
    last = max(w.end for _, windows in some for w in windows)
    window = Window(first - BEFORE, min(now, max(stretch.end, last) + AFTER))
    paths = list(dict.fromkeys([m.path for line in lines for m in layout.flow(line)] + [one.path for one, _ in some]))
    scene = await scene_of(session, layout, window, now, only=paths, fine=True)
    seen = await lines_facts(session, scene, lines, AHEAD)
    asked = [_asked(layout, one, windows) for one, windows in some]
    facts = await gathered(session, scene, paths, measures=False)
    return await asyncio.to_thread(prices, asked, seen, facts, costs, now)


def _asked(layout: Layout, one: Waiting, windows: tuple[Window, ...]) -> Asked:
    loss = one.loss
    lines = tuple(sorted(_joined(layout, one.path)))
    lasted = tuple(joined(one.windows))
    return Asked(loss.id, loss.kind, loss.reason, loss.seconds, loss.ended_at, windows, lasted, lines, one.path)


def costs_of(layout: Layout) -> Costs:
    """The rates of the plant file; none where there is no plant file."""
    if layout.plant is None:
        return Costs()
    told = layout.plant.costs
    hours = {f"{layout.site.code}/{line}": hour for line, hour in told.line_hour.items()}
    return Costs(told.late_order_day, hours)


async def _write(session: AsyncSession, done: Sequence[tuple[Waiting, Price | None]], now: datetime) -> None:
    """Only rows that have not changed since they were read: others wait for the next turn."""
    for one, price in done:
        loss = one.loss
        same = (Loss.id == loss.id) & (Loss.updated_at == loss.updated_at) & Loss.superseded_at.is_(None)
        values = {"priced_at": now, "price_due": False} | (told(loss, price) if price is not None else metered(loss))
        await session.execute(update(Loss).where(same).values(**values).execution_options(synchronize_session="fetch"))


def told(loss: Loss, price: Price) -> dict[str, Any]:
    """The columns of a loss row that has this price."""
    units, money = first_of(loss)
    method = "estimate" if price.why else "replay"
    amount = money if price.why else price.money
    figures = dict(loss.figures) | {"cost": _cost(price, method) | {"first": first_estimate(units, money)}}
    if amount is None:
        return {"figures": figures}
    low, high = interval(amount, price.line_second, method, loss.kind) or (None, None)
    pieces = units if price.why or loss.kind == LossKind.scrap else max(0.0, price.difference.units)
    return {
        "money": cents(amount),
        "money_low": cents(low),
        "money_high": cents(high),
        "units": pieces,
        "figures": figures,
    }


def _cost(price: Price, method: str) -> dict[str, Any]:
    """What the money was reckoned from: amounts in the plant's currency."""
    found: dict[str, Any] = {"by": method, "lost_second": round(float(price.line_second), 4)}
    if price.why:
        return found | {"why": price.why}
    cost = price.difference
    return found | {
        "margin": round(float(cost.margin), 2),
        "material": round(float(cost.material), 2),
        "late": round(float(cost.late), 2),
        "set_ups": round(float(cost.set_ups), 2),
        "line_seconds": round(cost.seconds, 1),
        "late_seconds": round(cost.late_seconds, 1),
        "beyond_the_usual": round(price.beyond, 3),
    }
