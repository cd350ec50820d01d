"""A line's energy without what its machines' own meters tell."""

import numpy as np

from mom.losses.metered_below import without_below
from mom.losses.norm import Course, Departure

AT = np.arange(10, dtype=np.int64)
SHORT = Course(AT, np.zeros(10), ())  # too few to know a norm: nothing is known of how far it was off


def course(off: float) -> Course:
    departure = Departure(6, 8, None, 10.0, 10.0 + off, 5.0, False)
    return Course(AT, np.zeros(10), (departure,), np.where(AT >= 6, off, 0.0), np.ones(10), np.ones(10))


def test_courses_too_short_to_know_their_norm_change_nothing() -> None:
    line = course(4.0)
    assert without_below(line, [SHORT]) is line
    assert without_below(SHORT, [course(4.0)]) is SHORT


def test_what_machines_tell_mostly_is_theirs_and_a_smaller_part_is_left_out() -> None:
    assert without_below(course(4.0), [course(3.0)]).departures == ()
    rest = without_below(course(4.0), [course(1.0), SHORT])
    assert len(rest.departures) == 1 and rest.off[-1] == 3.0
