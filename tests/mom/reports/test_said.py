"""What held a line back, why, energy and what to look at: said in the report where there is something to say, else not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from mom.energy.meter import MeterFacts
from mom.facts import Window
from mom.reports.shift import describe
from mom.reports.shift_energy import _said

HELD = "Filler 1 held Line 1 back for 83 % of the time that it ran."
ZONE = ZoneInfo("Europe/Vienna")
START = datetime(2026, 11, 2, tzinfo=UTC)
DAYS, SLOTS = 10, 288


def section(description, title):
    return next((one for one in description.sections if one.title == title), None)


def test_what_held_a_line_back_stands_with_its_figures(shift_facts):
    path = shift_facts.lines[0].path
    description = describe(replace(shift_facts, held={path: HELD}))
    texts = [part.text for part in section(description, "How it was").parts if hasattr(part, "text")]
    assert HELD in texts
    assert HELD not in describe(shift_facts).as_text()


def test_each_cause_is_told_once_on_page_one(shift_facts):
    cause = "very probably the chuck (87 %)"
    first, *rest = (replace(loss, cause=cause) for loss in shift_facts.losses[:2])
    description = describe(replace(shift_facts, losses=(first, *rest, *shift_facts.losses[2:])))
    told = [part.text for part in section(description, "What cost most").parts[1:]]
    assert told == [f"{first.title}: {cause}."]
    assert f"Cause: {cause}" in description.as_text()


@pytest.mark.parametrize("title", ["Energy", "To be looked at"])
def test_a_section_without_anything_to_say_is_not_there(shift_facts, title):
    assert section(describe(shift_facts), title) is None
    said = replace(shift_facts, energy=("Line 1 took more.",), conditions=("Torque falls.",))
    assert section(describe(said), title).parts


def meter(last_day: float, kind: str = "cola") -> MeterFacts:
    """Ten days of a line that makes 50 pieces a slot; `last_day`: the energy of a slot in the last of them, before 1 kWh."""
    count = DAYS * SLOTS
    at = int(START.timestamp() * 1e6) + 300_000_000 * np.arange(count, dtype=np.int64)
    used = np.where(np.arange(count) >= count - SLOTS, last_day, 1.0)
    return MeterFacts(
        "w/line", "Line", "L.energy", Window(START, START + timedelta(days=DAYS)), "EUR", Decimal("0.20"), at, used,
        ("Filler",), np.ones((count, 1)), np.full(count, 50.0), (kind,) * count, ("early",) * count,
    )  # fmt: skip


def test_energy_is_told_only_where_the_same_pieces_took_clearly_more_or_less():
    day = Window(START + timedelta(days=DAYS - 1), START + timedelta(days=DAYS))
    assert _said(meter(1.03), day, ZONE) == []
    (more,) = [text for text in _said(meter(1.25), day, ZONE) if "good pieces" in text]
    assert more == (
        "Line took 360 kWh for 14,400 good pieces, 25 % more than the same products took in the four weeks before, € 14."
    )
    (less,) = [text for text in _said(meter(0.8), day, ZONE) if "good pieces" in text]
    assert "20 % less" in less
