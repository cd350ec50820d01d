"""A kWh is told once: what a machine's own meter tells is that machine's row, and not its line's as well."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mom.losses.influences import Floats
from mom.losses.norm import Course, Departure

MOSTLY = 0.5
"""What machines' own meters tell so much of is their trouble, and none of the line."""


def without_below(line: Course, below: Sequence[Course]) -> Course:
    """A line's course of energy without what its machines' own meters (`below`) tell beyond their norms."""
    departed = [course for course in below if course.departures]  # one too short to know its norm tells nothing
    if not line.departures or not departed:
        return line
    told: Floats = np.zeros(len(line.at))
    for course in departed:
        beyond = np.where(_departed(course), course.off, 0.0)
        _, here, there = np.intersect1d(line.at, course.at, return_indices=True)
        told[here] += beyond[there]
    rest = tuple(one for one in line.departures if not _theirs(line, one, told))
    return replace(line, departures=rest, off=line.off - told)


def _departed(course: Course) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found = np.zeros(len(course.at), np.bool_)
    for one in course.departures:
        if one.size > 0:
            found |= _during(course, one)
    return found


def _during(course: Course, one: Departure) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (course.at >= one.start) & (course.at < (np.inf if one.end is None else one.end))


def _theirs(line: Course, one: Departure, told: Floats) -> bool:
    during = _during(line, one)
    return one.size > 0 and float(told[during].sum()) >= MOSTLY * float(line.off[during].sum())
