"""From the store's rows to what a model learns from: each response with the parameters and strata of its hour."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import ShiftSpan, Window
from mom.quality.drivers import LEAST_ROWS, Row
from mom.quality.series import Measured
from mom.store.parameters import Parameter, ScrapHour, parameters_of, scrap_hours
from mom.store.plants import Layout
from mom.store.quality import Move, measured_in, moves_to

LOOK_BACK = timedelta(days=120)
HALF = timedelta(minutes=30)
"""A sample tells of the hour that it was taken in, or of the one before when that had just begun."""
LEAST_MADE = 200
"""Pieces in an hour without which its share of scrap says little."""


@dataclass(frozen=True, slots=True)
class Response:
    """What is to be explained: a characteristic, or the scrap of one reason; `rows` in order of time."""

    equipment: str
    name: str
    unit: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of each hour of a site."""

    parameters: Sequence[Parameter]
    shifts: Sequence[ShiftSpan]
    moves: Mapping[str, Sequence[Move]]  # by machine
    upstream: Mapping[str, frozenset[str]]  # machine -> itself, what comes before it, and what serves all

    def row(self, path: str, at: datetime, value: float, product: str | None) -> Row:
        hour = at.replace(minute=0, second=0, microsecond=0)
        here = self.upstream[path]
        measured = {p.name: p.hours[hour] for p in self.parameters if p.equipment in here and hour in p.hours}
        return Row(at, value, measured, {"product": product or "", **self._shift(at), **self._lots(path, at)})

    def _shift(self, at: datetime) -> dict[str, str]:
        number = bisect_right(self.shifts, at, key=lambda shift: shift.start) - 1
        if number < 0 or at >= self.shifts[number].end:
            return {"shift": "", "crew": ""}
        return {"shift": self.shifts[number].name, "crew": self.shifts[number].crew or ""}

    def _lots(self, path: str, at: datetime) -> dict[str, str]:
        return {f"lot of {move.material}": move.lot for move in self.moves.get(path, ()) if move.at <= at}


async def responses_of(session: AsyncSession, layout: Layout, now: datetime) -> list[Response]:
    """Every response with enough rows, of the last 120 days."""
    window = Window(now - LOOK_BACK, now)
    ground = await _ground(session, layout, window)
    results = await measured_in(session, layout, window)
    hours = await scrap_hours(session, layout.site.id, list(layout.machines), window)
    found = [*_of_results(ground, results), *_of_scrap(ground, hours)]
    return [response for response in found if len(response.rows) >= LEAST_ROWS]


async def _ground(session: AsyncSession, layout: Layout, window: Window) -> Ground:
    paths = list(layout.machines)
    moves: dict[str, list[Move]] = defaultdict(list)
    for move in await moves_to(session, layout, paths, window):
        moves[move.equipment].append(move)
    shared = [m.path for m in layout.machines.values() if m.level == "work_unit" and m.line == m.path]
    shared = [path for path in shared if path not in layout.feeds.values()]
    upstream = {path: frozenset([*_before(layout, path), *shared]) for path in paths}
    parameters = await parameters_of(session, layout.site.id, paths, window)
    return Ground(parameters, layout.shifts(window), moves, upstream)


def _before(layout: Layout, path: str) -> list[str]:
    """The machine and those that a piece passes before it."""
    flow = [machine.path for line in layout.lines_of(path) for machine in layout.flow(line)]
    return flow[: flow.index(path) + 1] if path in flow else [path]


def _of_results(ground: Ground, results: Sequence[Measured]) -> list[Response]:
    """Of products with other limits the place within these is taken, so that they can be laid together."""
    grouped: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    for result in results:
        if result.equipment in ground.upstream:
            grouped[result.equipment, result.characteristic].append(result)
    return [_response(ground, key, some) for key, some in grouped.items()]


def _response(ground: Ground, key: tuple[str, str], results: Sequence[Measured]) -> Response:
    limits = {(r.low, r.high) for r in results}
    placed = len(limits) > 1 and all(low is not None and high is not None for low, high in limits)
    rows = tuple(
        ground.row(r.equipment, r.at.astimezone(UTC) - HALF, _place(r) if placed else r.value, r.product)
        for r in results
    )
    return Response(*key, "% of the tolerance" if placed else results[-1].unit, rows)


def _place(result: Measured) -> float:
    low, high = result.low or 0.0, result.high or 0.0
    return 100 * (result.value - low) / (high - low)


def _of_scrap(ground: Ground, hours: Sequence[ScrapHour]) -> list[Response]:
    grouped: dict[str, list[ScrapHour]] = defaultdict(list)
    for hour in hours:
        if hour.produced >= LEAST_MADE and hour.equipment in ground.upstream:
            grouped[hour.equipment].append(hour)
    found = []
    for path, some in grouped.items():
        for reason in sorted({reason for hour in some for reason in hour.reasons}):
            rows = [ground.row(path, h.hour, 100 * h.reasons.get(reason, 0.0) / h.produced, h.product) for h in some]
            found.append(Response(path, f"scrap: {reason}", "%", tuple(rows)))
    return found
