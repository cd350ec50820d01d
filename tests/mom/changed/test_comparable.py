"""Crews are told apart from the times only where one side's crews worked on the other side too."""

from datetime import UTC, datetime, timedelta

import pytest

from mom.changed.gather import ShiftSide
from mom.changed.lines import comparable
from mom.changed.side import Stratum
from mom.facts import Window

START = datetime(2026, 11, 23, 6, tzinfo=UTC)


def side(crews: str) -> list[ShiftSide]:
    window = Window(START, START + timedelta(hours=8))
    return [ShiftSide(window, "early", crew.strip("-"), Stratum(28_800.0), {}, 1.0) for crew in crews.split()]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("A B C D", "A B C D", True),
        ("A B C", "C", True),
        ("A", "A B", True),
        ("A", "B", False),
        ("A B", "B C", False),
        ("A", "A", False),
        ("-", "-", False),
    ],
)
def test_a_crew_that_worked_on_one_side_alone_is_not_told_apart(before, after, told):
    assert comparable(side(before), side(after)) is told
