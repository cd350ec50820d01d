"""How each line is now: its state, order, pieces and figures of the shift so far. One view for page, chat and API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Facts, Machine, RunSpan, ShiftSpan, StateSpan, StopSpan, Window
from mom.figures import Figure
from mom.history.calendar import shift_at
from mom.history.classes import Slice, TimeClass, classify
from mom.kpis.board import asked_for, figures, whole_of
from mom.kpis.elements import elements
from mom.store.facts import scene_of
from mom.store.plants import Layout, layout_of

BETWEEN_SHIFTS = timedelta(hours=8)
"""Outside a shift, or without a calendar, this much of the past is shown."""

LAST_SPEED = text("""
SELECT e.path, t.meaning, r.number FROM tags t JOIN equipment e ON e.id = t.equipment_id
CROSS JOIN LATERAL (
    SELECT number, status FROM readings WHERE tag_id = t.id AND at >= :since ORDER BY at DESC LIMIT 1
) r
WHERE t.site_id = :site AND t.active AND t.meaning = 'speed' AND (r.status >> 30) & 3 = 0
""")
ORDERED = text("""
SELECT key, quantity, due_at FROM production_orders
WHERE site_id = :site AND upper_inf(recorded) AND key = ANY(CAST(:orders AS text[]))
""")
MADE = text("""
SELECT c.order, sum(c.good) FROM counts c
WHERE c.site_id = :site AND c.equipment_id = :equipment AND c.order = :order GROUP BY c.order
""")


@dataclass(frozen=True, slots=True)
class MachineNow:
    """A machine's state. `stop` is its running stop; `ideal` and `speed` in pieces per minute."""

    machine: Machine
    facts: Facts  # of the window
    state: StateSpan | None
    stop: StopSpan | None
    kind: TimeClass
    speed: float | None
    ideal: float | None
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class OrderNow:
    number: str | None
    product: str | None
    product_name: str | None
    since: datetime
    made: float | None
    quantity: float | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineNow:
    machine: Machine
    window: Window
    shift: ShiftSpan | None
    machines: tuple[MachineNow, ...]  # in the order in which a piece passes them
    constraint: MachineNow | None
    order: OrderNow | None
    figures: Mapping[str, Figure]  # by the KPI's name


async def lines_now(session: AsyncSession, site_id: int, now: datetime) -> list[LineNow]:
    """Every line of the site with machines below it, in the plant file's order."""
    layout = await layout_of(session, site_id)
    shift = shift_at(layout.shifts(Window(now - timedelta(days=1), now + timedelta(days=1))), now)
    start = shift.start if shift else now - BETWEEN_SHIFTS
    window = Window(min(start, now - timedelta(seconds=1)), now)
    lines = [m for m in layout.machines.values() if m.level == "work_center" and layout.units(m.path)]
    return await lines_in(session, layout, lines, window, now)


async def lines_in(
    session: AsyncSession, layout: Layout, lines: Sequence[Machine], window: Window, now: datetime
) -> list[LineNow]:
    """`lines` as they are at `now`, with what they did in `window`, which ends now."""
    shift = shift_at(layout.shifts(window), now)
    inside: dict[str, None] = {}
    for line in lines:
        passed = [machine.path for machine in layout.flow(line.path)]
        inside |= dict.fromkeys([line.path, *passed, *asked_for(layout, line.path)])
    scene = await scene_of(session, layout, window, now, only=inside)
    since = {"site": layout.site.id, "since": now - timedelta(minutes=10)}
    speeds = {path: speed for path, _, speed in await session.execute(LAST_SPEED, since)}
    return [await _line(session, layout, line, scene.facts, speeds, window, shift) for line in lines]


async def _line(
    session: AsyncSession,
    layout: Layout,
    line: Machine,
    facts: Mapping[str, Facts],
    speeds: dict[str, float],
    window: Window,
    shift: ShiftSpan | None,
) -> LineNow:
    own = facts[line.path]
    run = max(own.runs, key=lambda r: r.start, default=None)
    product = run.product if run and run.open else None
    machines = tuple(_machine(facts[m.path], m, speeds.get(m.path), product) for m in layout.flow(line.path))
    constraint = layout.constraint(line.path)
    pace = next((m for m in machines if m.machine == constraint), None)
    order = await _order(session, layout, own, run, pace) if run and run.open else None
    made = whole_of(layout, line.path, {path: elements(facts[path]) for path in asked_for(layout, line.path)})
    by_name = {figure.name: figure for figure in figures(made, line.path, window)}
    return LineNow(line, window, shift, machines, pace, order, by_name)


def _machine(facts: Facts, machine: Machine, speed: float | None, product: str | None) -> MachineNow:
    slices = tuple(classify(facts))
    state = max(facts.states, key=lambda s: (s.start, s.end), default=None)
    stop = next((s for s in facts.stops if s.open), None)
    kind = slices[-1].kind if slices else TimeClass.unknown
    return MachineNow(machine, facts, state, stop, kind, speed, _ideal(facts, machine, product), slices)


def _ideal(facts: Facts, machine: Machine, product: str | None) -> float | None:
    """The product's own rate on this machine or, at the constraint, on its line; else the machine's."""
    known = facts.products.get(product or "")
    rates = known.rates if known else {}
    own = rates.get(machine.path)
    at_pace = rates.get(machine.line) if machine.is_constraint else None
    return own or at_pace or machine.ideal_rate


async def _order(
    session: AsyncSession, layout: Layout, facts: Facts, run: RunSpan, pace: MachineNow | None
) -> OrderNow:
    site = layout.site.id
    ordered = (await session.execute(ORDERED, {"site": site, "orders": [run.order or ""]})).first()
    made: float | None = None
    if run.order and pace:
        values = {"site": site, "equipment": pace.machine.id, "order": run.order}
        found = (await session.execute(MADE, values)).first()
        made = float(found[1]) if found else 0.0
    product = facts.products.get(run.product or "")
    return OrderNow(
        run.order, run.product, product.name if product else run.product, run.start, made,
        ordered[1] if ordered else None, ordered[2] if ordered else None,
    )  # fmt: skip


def standing(lines: Sequence[LineNow]) -> list[LineNow]:
    """The lines whose constraint does not produce though it should."""
    fine = (TimeClass.production, TimeClass.planned_stop, TimeClass.set_up, TimeClass.unknown)
    return [line for line in lines if line.constraint and line.constraint.kind not in fine]
