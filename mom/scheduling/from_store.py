"""The scheduling problem of a plant as it stands now: open orders, lines, rates, shifts, what is running."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import Unavailable
from mom.facts import SetUpStandard, Window
from mom.models import Count, ProductionOrder, Run, ScheduleEntry
from mom.scheduling.plan import Place, Plan
from mom.scheduling.problem import Line, Order, Problem, windows_without_overlap
from mom.store.plants import Layout, layout_of

HORIZON = timedelta(days=14)
LEAD = timedelta(hours=1)
"""What is planned to begin within an hour stays: a person must decide first, and the line must hear of it."""
PACE = 0.85
"""Share of the ideal rate that is planned with."""
MOVABLE = ("planned", "released")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The problem, and the plan that is in force for its orders (those without a place are not in it)."""

    problem: Problem
    current: Plan


async def problem_from_store(
    session: AsyncSession, site_id: int, now: datetime, horizon: timedelta = HORIZON
) -> Problem:
    """Only the problem. Raises NotFound (site), Unavailable (no plant file: rates and shifts are not known)."""
    return (await schedule_from_store(session, site_id, now, horizon)).problem


async def schedule_from_store(
    session: AsyncSession, site_id: int, now: datetime, horizon: timedelta = HORIZON
) -> Schedule:
    """The problem and the current plan. Orders that run, or begin within the hour, only take up their lines."""
    layout = await layout_of(session, site_id)
    if layout.plant is None:
        raise Unavailable(
            "This site has no plant file, so rates and shifts are not known.", remedy="Apply a plant file."
        )
    start = now + LEAD
    orders = {o.key: o for o in await session.scalars(_open(site_id))}
    entries = {e.order: e for e in await session.scalars(_current(site_id)) if e.order in orders}
    rates = _rates(layout)
    fixed = [o for o in orders.values() if _is_fixed(o, entries.get(o.key), start)]
    free = [o for o in orders.values() if o not in fixed and rates.get(o.product)]
    lines = await _lines(session, layout, fixed, entries, rates, Window(now, now + horizon))
    usable = {line.path for line in lines}
    found = [order for o in free if (order := _order(layout, o, rates[o.product], usable))]
    problem = Problem(start, lines, tuple(found), _set_ups(layout), (f"Planned at {PACE:.0%} of the ideal rates.",))
    return Schedule(problem, _plan(problem, entries, {m.id: path for path, m in layout.machines.items()}))


def _open(site_id: int) -> Select[ProductionOrder]:
    return select(ProductionOrder).where(
        ProductionOrder.site_id == site_id,
        ProductionOrder.status.in_((*MOVABLE, "running")),
        func.upper_inf(ProductionOrder.recorded),
    )


def _current(site_id: int) -> Select[ScheduleEntry]:
    return select(ScheduleEntry).where(ScheduleEntry.site_id == site_id, ScheduleEntry.superseded_at.is_(None))


def _is_fixed(order: ProductionOrder, entry: ScheduleEntry | None, start: datetime) -> bool:
    return order.status == "running" or (entry is not None and entry.starts_at < start < entry.ends_at)


def _rates(layout: Layout) -> dict[str, dict[str, float]]:
    """Pieces a second by product and line, at the pace that is planned with."""
    assert layout.plant is not None
    code = layout.site.code
    return {
        product.id: {f"{code}/{path}": rate * PACE / 60 for path, rate in product.rates.items()}
        for product in layout.plant.products
    }


async def _lines(
    session: AsyncSession,
    layout: Layout,
    fixed: list[ProductionOrder],
    entries: dict[str, ScheduleEntry],
    rates: dict[str, dict[str, float]],
    window: Window,
) -> tuple[Line, ...]:
    """Every line that has a rate, open in its shifts, taken up first by what runs on it."""
    paths = sorted({path for by_line in rates.values() for path in by_line if path in layout.machines})
    busy: dict[str, list[ProductionOrder]] = defaultdict(list)
    for order in fixed:
        path = _line_of(layout, order, entries.get(order.key))
        if path in paths:
            busy[path].append(order)
    return tuple([await _line(session, layout, path, busy[path], rates, window) for path in paths])


async def _line(
    session: AsyncSession,
    layout: Layout,
    path: str,
    busy: list[ProductionOrder],
    rates: dict[str, dict[str, float]],
    window: Window,
) -> Line:
    machine = layout.machines[path]
    assert layout.plant is not None
    shifts = windows_without_overlap([w for s in layout.shifts(window) if (w := window.cut(s.start, s.end))])
    cost = layout.plant.costs.line_hour.get(path.removeprefix(f"{layout.site.code}/"), 0)
    last = await session.scalar(_last_product(machine.id))
    line = Line(path, machine.name, shifts or (window,), busy[-1].product if busy else last, float(cost))
    for order in busy:
        line = line.without(Window(window.start, await _done_at(session, layout, line, order, rates)))
    return line


async def _done_at(
    session: AsyncSession, layout: Layout, line: Line, order: ProductionOrder, rates: dict[str, dict[str, float]]
) -> datetime:
    """When what is left of a running order is made."""
    constraint = layout.constraint(line.path)
    made = 0.0
    if constraint is not None:
        counted = select(func.sum(Count.good)).where(Count.order == order.key, Count.equipment_id == constraint.id)
        made = await session.scalar(counted) or 0.0
    rate = rates.get(order.product, {}).get(line.path, 0.0)
    left = max(0.0, order.quantity - made) / rate if rate else 0.0
    return line.moment(left, start=False)


def _last_product(line_id: int) -> Select[str | None]:
    last = select(Run.product).where(Run.equipment_id == line_id, Run.superseded_at.is_(None), Run.product.is_not(None))
    return last.order_by(Run.started_at.desc()).limit(1)


def _line_of(layout: Layout, order: ProductionOrder, entry: ScheduleEntry | None) -> str | None:
    if entry is not None:
        return next((path for path, m in layout.machines.items() if m.id == entry.equipment_id), None)
    return _full(layout, order.line)


def _full(layout: Layout, path: str | None) -> str | None:
    return path if path is None or path in layout.machines else f"{layout.site.code}/{path}"


def _order(layout: Layout, order: ProductionOrder, rates: dict[str, float], usable: set[str]) -> Order | None:
    """None when none of the lines it may run on can make it."""
    assert layout.plant is not None
    bound = _full(layout, order.line)
    paths = [path for path in rates if path in usable and bound in (None, path)]
    if not paths:
        return None
    return Order(
        number=order.key,
        product=order.product,
        quantity=order.quantity,
        seconds={path: order.quantity / rates[path] for path in paths},
        due=order.due_at,
        release=order.release_at,
        late_cost=float(layout.plant.costs.late_order_day) * max(1, 1 + order.priority),
    )


def _set_ups(layout: Layout) -> tuple[SetUpStandard, ...]:
    assert layout.plant is not None
    code = layout.site.code
    return tuple(
        SetUpStandard(f"{code}/{s.line}", s.from_product, s.to_product, s.standard.total_seconds())
        for s in layout.plant.set_ups
    )


def _plan(problem: Problem, entries: dict[str, ScheduleEntry], paths: dict[int, str]) -> Plan:
    places = [
        Place(e.order, paths[e.equipment_id], e.starts_at, e.starts_at, e.ends_at, 0.0)
        for e in entries.values()
        if e.order in problem.by_number and paths.get(e.equipment_id) in problem.by_path
    ]
    return Plan(tuple(places), "current plan")
