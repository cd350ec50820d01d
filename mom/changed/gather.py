"""A side from the store: each worked shift of a line as a stratum, its time by class, machine and reason, its pieces by product."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mom.changed.side import Lost, Made, Spoilt, Stratum
from mom.facts import CountSpan, Facts, RunSpan, ShiftSpan, Window
from mom.history.calendar import days_of
from mom.history.classes import EPOCH, MICROSECOND, Slice, TimeClass, classify, micros
from mom.kpis.elements import ideal_seconds
from mom.losses.attribution import Line, waits
from mom.losses.cut import Cutter
from mom.store.facts import scene_of, until_now
from mom.store.plants import Layout

CHUNK = timedelta(days=7)
"""So much is held in memory at once."""
OTHER = ""


@dataclass(frozen=True, slots=True)
class Only:
    """What of a window is taken: shifts of one name, of one crew, the runs of one product. Empty: all."""

    shift: str = ""
    crew: str = ""
    product: str = ""


EVERYTHING = Only()


@dataclass(frozen=True, slots=True)
class ShiftSide:
    """One worked shift, cut to the window that was asked for."""

    window: Window
    name: str
    crew: str
    stratum: Stratum  # amounts in pieces
    ideal: dict[str, float]  # PRI x PQ by product, seconds
    coverage: float
    missing: str = ""  # why nothing can be said


async def shifts_of_line(
    session: AsyncSession, layout: Layout, line: str, window: Window, now: datetime, only: Only = EVERYTHING
) -> list[ShiftSide]:
    """The worked shifts of `line` (a path; a machine's own is taken too) that touch `window`, in order; days, where the plant
    has no calendar.

    Raises BadInput when the window is empty or lies in the future.
    """
    window = until_now(window, now)
    worked = layout.shifts(window) or [ShiftSpan("day", None, d.start, d.end) for d in days_of(layout.zone, window)]
    fits = [s for s in worked if only.shift in ("", s.name) and only.crew in ("", s.crew)]
    shifts = [(cut, s) for s in fits if (cut := window.cut(s.start, s.end))]
    found: list[ShiftSide] = []
    chunk: list[tuple[Window, str, str]] = []
    for cut, shift in shifts:
        if chunk and cut.end - chunk[0][0].start > CHUNK:
            found += await _chunk(session, layout, line, chunk, now, only)
            chunk = []
        chunk.append((cut, shift.name, shift.crew or ""))
    return found + (await _chunk(session, layout, line, chunk, now, only) if chunk else [])


async def _chunk(
    session: AsyncSession,
    layout: Layout,
    line: str,
    shifts: Sequence[tuple[Window, str, str]],
    now: datetime,
    only: Only,
) -> list[ShiftSide]:
    whole = Window(shifts[0][0].start, shifts[-1][0].end)
    constraint = layout.constraint(line)
    flow = [m.path for m in layout.flow(line)] if layout.units(line) else []
    fine = True if only.product else None
    scene = await scene_of(session, layout, whole, now, only=list(dict.fromkeys([line, *flow])), fine=fine)
    own = scene.facts[line]
    blamed: list[tuple[Window, str, str]] = []
    if constraint and flow and constraint.path in scene.facts:
        blamed = _blamed(Line(line, scene.facts[constraint.path], tuple(scene.facts[path] for path in flow)))
    cutter = Cutter(own)
    return [
        _shift(cutter.cut(part), name, crew, blamed)
        for window, name, crew in shifts
        for part in _of_product(window, own.runs, only.product)
    ]


def _of_product(window: Window, runs: Sequence[RunSpan], product: str) -> list[Window]:
    """The window, or what of it the runs of one product took."""
    if not product:
        return [window]
    return [part for run in runs if run.product == product and (part := window.cut(run.start, run.end))]


def _blamed(line: Line) -> list[tuple[Window, str, str]]:
    """(stretch, machine, reason): for which stop elsewhere the constraint waited, in order of time."""
    stops = {stop.id: stop for facts in line.flow for stop in facts.stops}
    found = [(window, stops[id].equipment, stops[id].reason) for id, window in waits(line) if id in stops]
    return sorted(found, key=lambda one: one[0].start)


def _shift(facts: Facts, name: str, crew: str, blamed: Sequence[tuple[Window, str, str]]) -> ShiftSide:
    window = facts.window
    if not facts.has_states:
        return ShiftSide(window, name, crew, Stratum(0.0), {}, 0.0, "no state data")
    slices = classify(facts)
    reasons = {f"stop:{stop.id}": stop.reason for stop in facts.stops}
    lost: dict[Lost, float] = defaultdict(float)
    seconds: dict[str, float] = defaultdict(float)
    unknown = planned = 0.0
    for piece in slices:
        length = (piece.end - piece.start) / 1e6
        if piece.kind == TimeClass.unknown:
            unknown += length
        elif piece.kind != TimeClass.planned_stop:
            planned += length
            _place(piece, facts.runs, reasons, blamed, lost, seconds)
    made, ideal = _made(facts, seconds)
    calendar = sum((piece.end - piece.start) for piece in slices) / 1e6
    return ShiftSide(
        window, name, crew, Stratum(planned, dict(lost), made), ideal, 1 - unknown / calendar if calendar else 0.0
    )


def _place(
    piece: Slice,
    runs: Sequence[RunSpan],
    reasons: dict[str, str],
    blamed: Sequence[tuple[Window, str, str]],
    lost: dict[Lost, float],
    seconds: dict[str, float],
) -> None:
    length = (piece.end - piece.start) / 1e6
    if piece.kind == TimeClass.production:
        for product, part in _by_product(piece, runs):
            seconds[product] += part
    elif piece.kind in (TimeClass.starved, TimeClass.blocked):
        left = length
        for machine, reason, part in _by_origin(piece, blamed):
            lost[Lost(machine, piece.kind, reason)] += part
            left -= part
        if left > 1e-6:
            lost[Lost(piece.equipment, piece.kind, f"{piece.kind}, origin not found")] += left
    else:
        lost[Lost(piece.equipment, piece.kind, reasons.get(piece.ref, OTHER))] += length


def _by_product(piece: Slice, runs: Sequence[RunSpan]) -> Iterable[tuple[str, float]]:
    """A stretch of production cut by the runs; what no run covers has no product."""
    at = piece.start
    low = max(0, bisect_right([micros(run.start) for run in runs], piece.start) - 1)
    for run in runs[low:]:
        begin, end = max(at, micros(run.start)), min(piece.end, micros(run.end))
        if begin >= piece.end:
            break
        if end <= begin:
            continue
        if begin > at:
            yield OTHER, (begin - at) / 1e6
        yield run.product or OTHER, (end - begin) / 1e6
        at = end
    if at < piece.end:
        yield OTHER, (piece.end - at) / 1e6


def _by_origin(piece: Slice, blamed: Sequence[tuple[Window, str, str]]) -> Iterable[tuple[str, str, float]]:
    start, end = EPOCH + piece.start * MICROSECOND, EPOCH + piece.end * MICROSECOND
    low = max(0, bisect_left(blamed, start, key=lambda one: one[0].start) - 1)
    for window, machine, reason in blamed[low:]:
        if window.start >= end:
            break
        if (part := window.overlap(start, end)) > 0:
            yield machine, reason, part


def _made(facts: Facts, seconds: dict[str, float]) -> tuple[dict[str, Made], dict[str, float]]:
    """By product: pieces, what of them was spoilt where and why, and their seconds at the ideal rate."""
    amount: dict[str, float] = defaultdict(float)
    ideal: dict[str, float] = defaultdict(float)
    spoilt: dict[str, dict[Spoilt, float]] = defaultdict(lambda: defaultdict(float))
    for span in facts.counts:
        product = span.product or OTHER
        amount[product] += span.produced
        ideal[product] += ideal_seconds(facts, span) or 0.0
        _spoil(span, spoilt[product])
    products = {*seconds, *amount}
    return {p: Made(seconds.get(p, 0.0), amount[p], dict(spoilt[p])) for p in products}, dict(ideal)


def _spoil(span: CountSpan, spoilt: dict[Spoilt, float]) -> None:
    """Produced less good is what was spoilt; by reason as far as the machine tells."""
    left = span.produced - span.good
    for reason, quantity in span.scrap_by.items():
        spoilt[Spoilt(span.equipment, reason)] += quantity
        left -= quantity
    if abs(left) > 1e-9:
        spoilt[Spoilt(span.equipment, OTHER)] += left
