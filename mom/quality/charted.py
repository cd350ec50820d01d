"""A chart as somebody asked for it: of which machine and characteristic, of which kind, with which rules on."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import BadInput, NotFound
from mom.facts import ShiftSpan, Window
from mom.quality.chart import Chart, Kind, Sample
from mom.quality.charts import basis_of, chart_of
from mom.quality.rules import DEFAULT
from mom.quality.series import Measured, Series, series_of
from mom.quality.watched import Episode, episodes, watched
from mom.store.parameters import scrap_hours
from mom.store.plants import Layout
from mom.store.quality import measured_in

SCRAP = "scrap"
"""What the share of scrapped pieces by shift is called, where a characteristic is asked for."""
BY_SHIFT = 24
"""Points of phase I of charts that have one point a shift: eight days."""
COUNTED = (Kind.p, Kind.np, Kind.c, Kind.u)
GROUPED = (Kind.xbar_r, Kind.xbar_s)
LOOK_BACK = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Charted:
    """`times`, `refs`: by point. `series`: what was measured, None for scrap. `baseline`: points of phase I."""

    equipment: str
    characteristic: str
    unit: str
    times: tuple[datetime, ...]
    refs: tuple[str | None, ...]
    chart: Chart | None
    baseline: int
    episodes: tuple[Episode, ...]
    missing: str = ""
    series: Series | None = None

    @property
    def out(self) -> bool:
        """Whether the last episode still goes on, and is sure: one honest point in 370 is beyond 3 sigma."""
        return bool(self.episodes) and not self.episodes[-1].over and self.episodes[-1].confirmed is not None


def rules_of(layout: Layout) -> tuple[int, ...]:
    """Nelson's rules that the plant has on."""
    return layout.plant.quality.rules if layout.plant else DEFAULT


async def charts_of(session: AsyncSession, layout: Layout, below: str | None, now: datetime) -> list[Charted]:
    """Every characteristic's individuals chart; what is out of control first, then the longest."""
    window = Window(now - LOOK_BACK, now)
    measured = await measured_in(session, layout, window, below=below)
    found = [of_series(series, on=rules_of(layout)) for series in series_of(measured)]
    return sorted(found, key=lambda c: (not c.out, not c.episodes, -len(c.times)))


def of_series(series: Series, kind: Kind = Kind.individuals, on: Collection[int] = DEFAULT) -> Charted:
    seen = watched(series, on, kind)
    return Charted(
        series.equipment, series.characteristic, series.unit, tuple(r.at for r in series.results),
        tuple(f"inspection_result:{r.id}" for r in series.results), seen.chart, seen.baseline, seen.episodes,
        seen.missing, series,
    )  # fmt: skip


async def charted(
    session: AsyncSession, layout: Layout, below: str | None, characteristic: str | None, kind: Kind | None,
    on: Collection[int], now: datetime,
) -> list[Charted]:  # fmt: skip
    """The charts that fit, the one that matters most first. Raises NotFound, BadInput."""
    kind = kind or (Kind.p if characteristic == SCRAP else Kind.individuals)
    if (kind in COUNTED) != (characteristic == SCRAP):
        raise BadInput(f"A {kind.value} chart is {'of scrap' if kind in COUNTED else 'of measured values'}, not of {characteristic}.",
                       remedy="Ask for characteristic `scrap` with p, np, c or u; for any other with the rest.")  # fmt: skip
    if kind in COUNTED:
        return await _of_scrap(session, layout, below, kind, on, now)
    window = Window(now - LOOK_BACK, now)
    found = series_of(await measured_in(session, layout, window, below=below))
    chosen = [s for s in found if characteristic is None or _like(characteristic, s.characteristic)]
    if not chosen:
        known = ", ".join(dict.fromkeys(s.characteristic for s in found)) or "nothing was measured there"
        raise NotFound(f"No results of {characteristic or 'any characteristic'} there.", remedy=f"Known: {known}.")
    shifts = layout.shifts(window)
    made = [_grouped(s, kind, on, shifts) if kind in GROUPED else of_series(s, kind, on) for s in chosen]
    return sorted(made, key=lambda c: (not c.out, -len(c.times)))


def _like(asked: str, characteristic: str) -> bool:
    """`torque` finds `opening torque`."""
    words = asked.lower().split()
    return all(word in characteristic.lower() for word in words)


def _grouped(series: Series, kind: Kind, on: Collection[int], shifts: Sequence[ShiftSpan]) -> Charted:
    """Rational subgroups: what was sampled in one shift, of two results or more."""
    groups: dict[datetime, list[Measured]] = defaultdict(list)
    for result in series.results:
        groups[_shift_of(result.at, shifts)].append(result)
    several = {at: some for at, some in sorted(groups.items()) if len(some) > 1}
    samples = [Sample(tuple(r.value for r in some)) for some in several.values()]
    outside = [any(r.outside for r in some) for some in several.values()]
    refs = [f"inspection_result:{some[-1].id}" for some in several.values()]
    name = f"{series.characteristic}, by shift"
    return _held(series.equipment, name, series.unit, kind, on, list(several), refs, samples, outside, series)


async def _of_scrap(
    session: AsyncSession, layout: Layout, below: str | None, kind: Kind, on: Collection[int], now: datetime
) -> list[Charted]:
    """Scrap of each machine by shift."""
    window = Window(now - LOOK_BACK, now)
    shifts = layout.shifts(window)
    sums: dict[str, dict[datetime, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    paths = [path for path in layout.machines if below is None or f"{path}/".startswith(f"{below}/")]
    for hour in await scrap_hours(session, layout.site.id, paths, window):
        total = sums[hour.equipment][_shift_of(hour.hour, shifts)]
        total[0] += sum(hour.reasons.values())
        total[1] += hour.produced
    unit = {Kind.p: "%", Kind.u: "in 100"}.get(kind, "pieces")
    found = []
    for path, by_shift in sums.items():
        samples = [Sample(count=count, size=1.0 if kind is Kind.c else made) for count, made in by_shift.values()]
        if any(s.count for s in samples):
            none: list[str | None] = [None] * len(samples)
            made_of = _held(path, SCRAP, unit, kind, on, list(by_shift), none, samples, [False] * len(samples))
            found.append(_hundredfold(made_of) if kind in (Kind.p, Kind.u) else made_of)
    if not found:
        raise NotFound("No scrap was counted there.", remedy="Ask for a machine that throws pieces out.")
    return sorted(found, key=lambda c: (not c.out, not c.episodes, -len(c.times)))


def _hundredfold(one: Charted) -> Charted:
    """Shares of a few in a thousand are read in percent."""
    if one.chart is None:
        return one
    panels = tuple(
        replace(panel, points=tuple(replace(p, value=100 * p.value, centre=100 * p.centre, low=100 * (p.low or 0.0),
                                            high=100 * (p.high or 0.0)) for p in panel.points))
        for panel in one.chart.panels
    )  # fmt: skip
    return replace(one, chart=replace(one.chart, panels=panels))


def _held(
    path: str, name: str, unit: str, kind: Kind, on: Collection[int], times: Sequence[datetime],
    refs: Sequence[str | None], samples: Sequence[Sample], outside: Sequence[bool], series: Series | None = None,
) -> Charted:  # fmt: skip
    """Phase I on the first points, phase II on all."""
    baseline = min(BY_SHIFT, len(samples))
    try:
        chart = chart_of(kind, samples, basis_of(kind, samples[:baseline]), on)
    except BadInput as fault:
        return Charted(path, name, unit, tuple(times), tuple(refs), None, baseline, (), str(fault), series)
    signals = [() if n < baseline else found for n, found in enumerate(chart.signals)]
    out = tuple(episodes(signals, outside))
    return Charted(path, name, unit, tuple(times), tuple(refs), chart, baseline, out, "", series)


def _shift_of(at: datetime, shifts: Sequence[ShiftSpan]) -> datetime:
    """When the shift began; the day where there is no calendar."""
    number = bisect_right(shifts, at, key=lambda shift: shift.start) - 1
    return shifts[number].start if number >= 0 else at.replace(hour=0, minute=0, second=0, microsecond=0)
