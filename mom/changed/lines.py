"""A line's difference from the store: both sides read, refused where too little was seen, compared, named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom import words
from mom.changed.compared import Compared, Measure, compare
from mom.changed.gather import EVERYTHING, Only, ShiftSide, shifts_of_line
from mom.changed.side import Worth
from mom.changed.words import Units, sentence
from mom.facts import Window
from mom.figures import MIN_COVERAGE
from mom.people.policy import crews_shown
from mom.store.plants import Layout
from mom.store.products import products_of

ALIKE = 0.1
"""Planned hours that differ by more make sums unlike: then shares are compared."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One side: a line (path), a window, what of it; `name` as it stands in the sentence: "last week", "in the night shift"."""

    line: str
    window: Window
    name: str
    only: Only = EVERYTHING


@dataclass(frozen=True, slots=True)
class Changed:
    """`compared` is None where `missing` says why nothing can be told."""

    after: Chosen
    before: Chosen
    units: Units
    compared: Compared | None = None
    missing: str = ""

    @property
    def told(self) -> str:
        line = self.units.names.get(self.after.line, self.after.line)
        if self.compared is None:
            return f"What changed on {line} cannot be split: {self.missing}."
        return sentence(self.compared, self.units, line, self.after.name, self.before.name)


async def what_changed(
    session: AsyncSession, layout: Layout, after: Chosen, before: Chosen, now: datetime, measure: Measure | None = None
) -> Changed:
    """`measure` None: output, or OEE where the planned times differ. Crews are told apart only where each of them may be shown
    (mom.people). Raises BadInput for a window that is empty or not yet past."""
    units = units_of(layout)
    sides = [await shifts_of_line(session, layout, side.line, side.window, now, side.only) for side in (before, after)]
    for shifts, name in ((sides[1], after.name), (sides[0], before.name)):
        if missing := _missing(shifts, name):
            return Changed(after, before, units, None, missing)
    known = await products_of(session, layout)
    worth = {name: Worth(float(product.margin), float(product.material_cost)) for name, product in known.items()}
    chosen: Measure = measure or _measure(sides[0], sides[1])
    crews = {shift.crew for shifts in sides for shift in shifts if shift.crew}
    hull = Window(min(after.window.start, before.window.start), max(after.window.end, before.window.end))
    tell = comparable(*sides) and not (await crews_shown(session, layout, crews, hull)).withheld
    return Changed(after, before, units, compare(sides[0], sides[1], chosen, worth, crews=tell))


def comparable(before: Sequence[ShiftSide], after: Sequence[ShiftSide]) -> bool:
    """Whether crews can be told apart from the times: one side's crews worked on the other side too. Of crews that worked on
    one side alone nobody knows how they would have done on the other: what changed would all be called theirs."""
    sides = [{shift.crew for shift in side if shift.crew} for side in (before, after)]
    return len(sides[0] | sides[1]) > 1 and bool(sides[0] & sides[1]) and (sides[0] <= sides[1] or sides[1] <= sides[0])


def units_of(layout: Layout) -> Units:
    return Units(
        layout.unit or "pieces", layout.site.currency, {path: machine.name for path, machine in layout.machines.items()}
    )


def _measure(before: Sequence[ShiftSide], after: Sequence[ShiftSide]) -> Measure:
    hours = [sum(shift.stratum.planned for shift in side) for side in (before, after)]
    return "output" if abs(hours[0] - hours[1]) <= ALIKE * max(hours) else "oee"


def _missing(shifts: Sequence[ShiftSide], name: str) -> str:
    """Why a side says nothing: not worked, no states, too little seen."""
    whole = sum(shift.window.seconds for shift in shifts)
    if not whole:
        return f"no shift was worked ({name})"
    seen = sum(shift.window.seconds * shift.coverage for shift in shifts) / whole
    why = next((shift.missing for shift in shifts if shift.missing), "")
    if why or seen >= MIN_COVERAGE:
        return why
    return f"only {words.percent(seen)} of the time was seen ({name}), {words.percent(MIN_COVERAGE, 0)} are needed"
