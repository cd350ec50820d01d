"""What the shift report looks at, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from mom.changed.lines import Changed
from mom.errors import BadInput
from mom.facts import Window
from mom.figures import Figure
from mom.history.calendar import shifts_of
from mom.kpis.board import kpis
from mom.losses.share import share_in
from mom.reports.report import Period
from mom.reports.shift_changed import changed_in
from mom.reports.shift_conditions import conditions_of
from mom.reports.shift_energy import energy_in
from mom.reports.shift_held import held_in
from mom.reports.shift_lines import fed_by, lines_of
from mom.reports.shift_quality import ShiftQuality, quality_in
from mom.reports.shift_why import causes_of
from mom.store.answers import Answer, Helped, answers_to, effects_in
from mom.store.losses import losses_in
from mom.store.maintenance import ended_in
from mom.store.notes import notes_in
from mom.store.orders import OpenOrder, open_orders
from mom.store.plants import Layout
from mom.store.query import query

MOST_LOSSES = 200
EXPLAINED = 5
"""The dearest losses, of which it is asked why."""
BACK = timedelta(days=7)
"""How far the shift of the same name before may lie."""
EFFECTS_OF = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LineShift:
    """One line: its figures in the shift, and in the last shift of the same name before."""

    path: str
    name: str
    figures: dict[str, Figure]
    before: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class LossLine:
    id: int
    title: str
    equipment: str
    kind: str
    start: datetime
    end: datetime | None
    seconds: float
    units: float
    money: Decimal | None
    status: str
    cause: str = ""  # the likeliest, where the evidence carries it
    low: Decimal | None = None  # 90 % interval of the money
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What lines feed (a shared palletiser): no line of its own, but it can stop them all."""

    name: str
    lines: tuple[str, ...]  # names of the lines that feed it
    losses: tuple[LossLine, ...]  # of the shift's


@dataclass(frozen=True, slots=True)
class ScrapLine:
    line: str
    reason: str
    quantity: float


@dataclass(frozen=True, slots=True)
class Written:
    """A person's text, shown as it is."""

    at: datetime
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    site: str
    zone: ZoneInfo
    currency: str
    unit: str  # of pieces
    period: Period
    now: datetime
    lines: tuple[LineShift, ...]
    losses: tuple[LossLine, ...]
    answers: tuple[Answer, ...]
    effects: tuple[Helped, ...]
    orders: tuple[OpenOrder, ...]
    scrap: tuple[ScrapLine, ...]
    repairs: tuple[Written, ...]
    notes: tuple[Written, ...]
    shared: tuple[Shared, ...] = ()
    changed: tuple[Changed, ...] = ()  # each line against the usual of the same shift
    quality: ShiftQuality | None = None
    held: Mapping[str, str] = field(default_factory=dict)  # by the line's path: what held it back, a sentence
    energy: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def shift_periods(layout: Layout, ended_in: Window) -> list[Period]:
    """The worked shifts that ended in a window, oldest first."""
    if layout.plant is None:
        return []
    shifts = shifts_of(layout.plant.calendar, layout.zone, Window(ended_in.start - timedelta(days=1), ended_in.end))
    found = [Period(Window(s.start, s.end), s.name, s.crew) for s in shifts if ended_in.start < s.end <= ended_in.end]
    return sorted(found, key=lambda period: period.window.end)


async def gather(
    session: AsyncSession, layout: Layout, period: Period, lines: Sequence[str], now: datetime
) -> ShiftFacts:
    """Raises BadInput for a site without lines."""
    window, site_id = period.window, layout.site.id
    chosen = list(lines) or lines_of(layout)
    if not chosen:
        raise BadInput(f"{layout.site.name} has no line to report on.")
    before = _before(layout, period)
    found = {path: await _losses(session, layout, path, window, now) for path in [*chosen, *fed_by(layout, chosen)]}
    losses = [loss for some in found.values() for loss in some]
    losses.sort(key=lambda loss: (-(loss.money or 0), -loss.seconds))
    causes = await causes_of(session, [loss.id for loss in losses[:EXPLAINED]], now)
    losses = [replace(loss, cause=causes.get(loss.id, "")) for loss in losses]
    return ShiftFacts(
        site=layout.site.name,
        zone=layout.zone,
        currency=layout.site.currency,
        unit=layout.unit or "pcs",
        period=period,
        now=now,
        lines=tuple([await _line(session, layout, path, window, before, now) for path in chosen]),
        losses=tuple(losses),
        answers=tuple(await answers_to(session, site_id, [loss.id for loss in losses], window)),
        effects=tuple(await effects_in(session, site_id, Window(window.end - EFFECTS_OF, window.end))),
        orders=tuple(await open_orders(session, site_id)),
        scrap=tuple([row for path in chosen for row in await _scrap(session, layout, path, window, now)]),
        repairs=tuple(
            Written(row.ended_at or window.end, _name(layout, row.equipment), f"{row.title}. {row.text}".strip())
            for row in await ended_in(session, site_id, window)
        ),
        notes=tuple(
            Written(note.at, _name(layout, note.equipment), note.text)
            for note in await notes_in(session, site_id, window)
        ),
        shared=tuple(
            Shared(_name(layout, path), tuple(_name(layout, line) for line in lines), tuple(found[path]))
            for path, lines in fed_by(layout, chosen).items()
        ),
        changed=await changed_in(session, layout, chosen, period, now),
        quality=await quality_in(session, layout, chosen, window),
        held=await held_in(session, layout, chosen, window, now),
        energy=await energy_in(session, layout, chosen, window, now),
        conditions=await conditions_of(session, layout, chosen, window, window.end),
    )


def _before(layout: Layout, period: Period) -> Window | None:
    """The last shift of the same name before this one."""
    earlier = shift_periods(layout, Window(period.window.start - BACK, period.window.start))
    return next((one.window for one in reversed(earlier) if one.name == period.name), None)


async def _line(
    session: AsyncSession, layout: Layout, path: str, window: Window, before: Window | None, now: datetime
) -> LineShift:
    figures = {figure.name: figure for figure in await kpis(session, path, window, now)}
    past = {figure.name: figure for figure in await kpis(session, path, before, now)} if before else {}
    return LineShift(path, layout.machines[path].name, figures, past)


async def _losses(session: AsyncSession, layout: Layout, path: str, window: Window, now: datetime) -> list[LossLine]:
    """Each with what of it fell into the shift."""
    rows = await losses_in(session, layout.site.id, window, below=path, limit=MOST_LOSSES)
    return [
        LossLine(
            loss.id,
            loss.title,
            equipment.name,
            loss.kind,
            loss.started_at,
            loss.ended_at,
            share.seconds,
            share.units,
            share.money,
            loss.status,
            low=share.low,
            high=share.high,
        )
        for loss, equipment in rows
        if (share := share_in(loss, window, now))
    ]


async def _scrap(session: AsyncSession, layout: Layout, path: str, window: Window, now: datetime) -> list[ScrapLine]:
    found = await query(
        session,
        "counts",
        now=now,
        where={"line": [path]},
        by=["defect"],
        measures=["scrap"],
        start=window.start,
        end=window.end,
        site_id=layout.site.id,
    )
    name = layout.machines[path].name
    return [ScrapLine(name, str(row["defect"]), float(row["scrap"] or 0)) for row in found.rows if row["scrap"]]


def _name(layout: Layout, path: str | None) -> str:
    machine = layout.machines.get(path or "")
    return machine.name if machine else (path or "")
