"""Blocks keep to the page's words: timelines in classes of the time model, bars of one name as one."""

from datetime import UTC, datetime, timedelta

import pytest

from mom.facts import StateSpan, Window
from mom.history.classes import TimeClass
from tools.shown import bars, lane

AT = datetime(2026, 8, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize("state", ["Execute", "Held", "Aborted", "Idle", "Stopped", "Suspended", "Unknown", "Complete"])
@pytest.mark.parametrize("detail", ["", "starved", "blocked"])
@pytest.mark.parametrize("minutes", [1, 60])
def test_every_state_is_drawn_as_a_class_of_the_time_model(state, detail, minutes):
    end = AT + timedelta(minutes=minutes)
    span = StateSpan(id=1, equipment="works/filler", state=state, detail=detail, mode="", start=AT, end=end, open=False)
    drawn = lane("Filler", "works/filler", [span], Window(AT, end), timedelta(minutes=5))
    assert [band.kind for band in drawn.bands if band.kind not in set(TimeClass)] == []
    assert len(drawn.bands) == 1


def test_bars_of_one_name_are_one():
    drawn = bars("Losses", [("Jam", 3.0), ("Door", 4.0), ("Jam", 2.0)], "EUR", "").spec["data"]["values"]
    assert drawn == [{"name": "Jam", "value": 5.0}, {"name": "Door", "value": 4.0}]
