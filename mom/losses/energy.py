"""A line or machine draws more than its norm for the same work: a leak, a drive that labours, a heater that sticks."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from mom.facts import Facts
from mom.history.readings import micros
from mom.history.settle import moment
from mom.losses.drift import moved, seen, span_of
from mom.losses.loss import Finding, LossKind, Rule
from mom.losses.norm import Course, Departure
from mom.measured import Measured

SURE = 1.645
"""Standard deviations of a 90 % interval."""
LEAST = 0.1
"""Of the norm: what is less within hours may be a product, or the weather. What stays is looked for over days (mom/energy)."""
EDGE = 0.5
"""Of a half hour: so far off may be when it began, and when it ended."""
WORDS = "more energy for the same work"


@dataclass(frozen=True, slots=True)
class Beyond:
    """kWh beyond the norm with their 90 % interval, and what the norm would have been."""

    kwh: float
    low: float
    high: float
    norm: float


def find(facts: Facts) -> Iterator[Finding]:
    """Where an energy meter of this equipment told more than its norm for how long each machine ran. What it cost is the
    kWh beyond the norm at the plant's price; which pieces were made with them is told beside it."""
    for measured in facts.measured:
        course = facts.courses.get(measured.tag)
        if measured.meaning != "energy" or course is None or not facts.has_states:
            continue
        for departure in course.departures:
            much = departure.level - departure.norm >= LEAST * abs(departure.norm)
            if departure.size > 0 and much and seen(facts, departure):
                beyond = _beyond(facts, course, departure)
                if beyond.kwh > 0:
                    yield _finding(facts, measured, departure, beyond)


def _beyond(facts: Facts, course: Course, departure: Departure) -> Beyond:
    """Of the half hours in the window that belong to the departure. Chance is of each by itself, what the norm is not sure
    of they share."""
    fresh = facts.window.start <= moment(departure.told)
    first = departure.start if fresh else max(departure.start, micros(facts.window.start))
    last = micros(facts.window.end) if departure.end is None else min(departure.end, micros(facts.window.end))
    mine = (course.at >= first) & (course.at < last)
    kwh, edges = float(course.off[mine].sum()), (first == departure.start) + (last == departure.end)
    chance = [course.chance[mine], np.full(edges, EDGE * (departure.level - departure.norm))]
    error = SURE * float(np.hypot(np.linalg.norm(np.concatenate(chance)), course.doubt[mine].sum()))
    return Beyond(kwh, max(0.0, kwh - error), kwh + error, departure.norm * int(mine.sum()))


def _finding(facts: Facts, measured: Measured, departure: Departure, beyond: Beyond) -> Finding:
    start, end = span_of(facts, departure)
    good = sum(span.good for span in facts.counts if span.start >= start and (end is None or span.start < end))
    return Finding(
        kind=LossKind.energy,
        key=f"energy:{facts.machine.path}:{measured.tag}",
        title=f"{facts.machine.name}: {WORDS}",
        reason=WORDS,
        start=start,
        end=end,
        seconds=0.0,
        units=0.0,
        money=Decimal(beyond.kwh) * facts.energy_kwh if facts.energy_kwh else None,
        evidence=(f"signal:{measured.tag}",),
        figures={
            **moved(measured, departure),
            "kwh": beyond.kwh,
            "kwh_low": beyond.low,
            "kwh_high": beyond.high,
            "kwh_norm": beyond.norm,
            "good": good,
            "assumption": "kWh beyond what the same running machines drew before, at the plant's price of a kWh",
        },
        alerts=True,
    )


energy = Rule(
    "energy", "More energy for the same work", find, joins=True, patience=0, closes=True, measures=True, of_lines=True
)
