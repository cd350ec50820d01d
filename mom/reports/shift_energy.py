"""Energy in a shift: said only where a line took clearly more or less for its pieces than before, or something leaks."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from mom import words
from mom.energy.gather import meters_in
from mom.energy.leak import Leak, leaks_of
from mom.energy.meter import MeterFacts
from mom.energy.use import EnergyUse, use_of
from mom.facts import Window
from mom.reports.description import Paragraph, Part
from mom.reports.shift_lines import other_lines
from mom.store.plants import Layout

BACK = timedelta(days=28)
"""A leak and what a product usually takes are looked for in so many days before the shift's end."""
WORTH_SAYING = 0.1
"""Of the energy that the same good pieces took before: a smaller difference is not said."""


async def energy_in(
    session: AsyncSession, layout: Layout, lines: Collection[str], window: Window, now: datetime
) -> tuple[str, ...]:
    """Sentences; none where energy was as it is."""
    others = other_lines(layout, lines)
    wide = Window(window.end - BACK, window.end)
    meters = await meters_in(session, layout, wide, now)
    chosen = [one for one in meters if not any(f"{one.path}/".startswith(f"{line}/") for line in others)]
    found = [await asyncio.to_thread(_said, one, window, layout.zone) for one in chosen]
    return tuple(text for texts in found for text in texts)


def energy(found: Collection[str]) -> tuple[Part, ...]:
    return tuple(Paragraph(text) for text in found)


def _said(meter: MeterFacts, window: Window, zone: ZoneInfo) -> list[str]:
    leaks, _ = leaks_of(meter)
    here = [leak for leak in leaks if leak.until is None or leak.until > window.start]
    near, far = use_of(meter.cut(window)), use_of(meter.cut(Window(meter.window.start, window.start)))
    used = _against_before(meter, near, far) if near and far else ""
    return [*(_leak(meter, leak, window.end, zone) for leak in here), *([used] if used else [])]


def _leak(meter: MeterFacts, leak: Leak, at: datetime, zone: ZoneInfo) -> str:
    when = words.span_of(leak.since, leak.until, at, zone)
    year = words.money_between(leak.cost_year, leak.cost_low, leak.cost_high, meter.currency)
    sure = "" if leak.sure else " Standstill does not show it yet: measure a night without production."
    return (
        f"{meter.name} draws {words.number(leak.rise)} kW ({words.number(leak.low)} to {words.number(leak.high)}) more for the"
        f" same work, {when}: the signature of a leak, {year} a year if it stays.{sure}"
    )


def _against_before(meter: MeterFacts, near: EnergyUse, far: EnergyUse) -> str:
    """The same good pieces of the same products, at what they took before."""
    usual = {use.name: use.per_unit for use in far.by_product}
    known = [use for use in near.by_product if use.per_unit is not None and usual.get(use.name)]
    took = sum(use.kwh for use in known)
    expected = sum(use.good * (usual[use.name] or 0.0) for use in known)
    if not expected or abs(took / expected - 1) < WORTH_SAYING:
        return ""
    good = sum(use.good for use in known)
    share, cost = abs(took / expected - 1), abs(took - expected) * float(meter.price)
    way = "more" if took > expected else "less"
    worth = f", {words.money(cost, meter.currency)}" if meter.price else ""
    return (
        f"{meter.name} took {words.quantity(took, 'kWh')} for {words.quantity(good, 'good pieces')}, "
        f"{words.percent(share, 0)} {way} than the same products took in the four weeks before{worth}."
    )
