"""A measured quantity moves away from its norm, step by step: seen before it costs."""

from collections.abc import Iterator
from datetime import datetime

from mom.facts import Facts
from mom.history.settle import moment
from mom.losses.laboratory import denied
from mom.losses.loss import Finding, LossKind, Rule
from mom.losses.noise import is_noise
from mom.losses.norm import Course, Departure
from mom.measured import Measured

FAR = 4.5
"""Spreads of a mean of five minutes: what lies nearer its norm stands a little off, as everything does at times."""


def find(facts: Facts) -> Iterator[Finding]:
    """Departures that go on in the window and came about step by step; one that jumped tells of a change, no wear. That
    less energy is drawn counts however it came about."""
    for measured in facts.measured:
        if not facts.has_states:
            continue  # nothing is known of what it does: what it measures has no norm
        course = facts.courses.get(measured.tag)
        for departure in course.departures if course else ():
            crept = departure.rises and abs(departure.size) >= FAR
            if measured.meaning == "energy":  # that it draws more is a loss (mom/losses/energy.py)
                crept = departure.size < 0
            if course and crept and seen(facts, departure) and not _doubted(facts, measured, course, departure):
                yield _finding(facts, measured, departure)


def _doubted(facts: Facts, measured: Measured, course: Course, departure: Departure) -> bool:
    """Whether the sensor is to blame: the laboratory denies it, or it is noise."""
    return denied(facts, measured, departure) or is_noise(course, departure)


def seen(facts: Facts, departure: Departure) -> bool:
    """Whether it was known in the facts' window, and was not over before it."""
    told, end = moment(departure.told), departure.end
    return told <= facts.window.end and (end is None or moment(end) > facts.window.start)


def span_of(facts: Facts, departure: Departure) -> tuple[datetime, datetime | None]:
    """From when to when the window tells it: whole where it became known in the window, and without an end while it lasts."""
    is_new = facts.window.start <= moment(departure.told)
    end = None if departure.end is None else moment(departure.end)
    start = moment(departure.start) if is_new else facts.window.start
    return start, end if end is not None and end <= facts.window.end else None


def _finding(facts: Facts, measured: Measured, departure: Departure) -> Finding:
    start, end = span_of(facts, departure)
    way = "rises" if departure.size > 0 else "falls"
    what = "energy for the same work" if measured.meaning == "energy" else measured.name
    return Finding(
        kind=LossKind.drift,
        key=f"drift:{facts.machine.path}:{measured.tag}",
        title=f"{facts.machine.name}: {what} {way}",
        reason=f"{what} {way}",
        start=start,
        end=end,
        seconds=0.0,
        units=0.0,
        money=None,
        evidence=(f"signal:{measured.tag}",),
        figures=moved(measured, departure),
        alerts=True,
    )


def moved(measured: Measured, departure: Departure) -> dict[str, str]:
    """How far, in words: a norm is no sum over shifts."""
    return {
        "tag": measured.tag,
        "norm": f"{departure.norm:.4g} {measured.unit}".strip(),
        "level": f"{departure.level:.4g} {measured.unit}".strip(),
        "off": f"{abs(departure.size):.1f} times its usual spread",
        "since": moment(departure.start).isoformat(),
        "told": moment(departure.told).isoformat(),
        "assumption": "costs nothing yet: the norm is what it showed before at that time of day",
    }


drift = Rule("drift", "Drift", find, joins=True, patience=0, closes=True, measures=True, of_lines=True)
