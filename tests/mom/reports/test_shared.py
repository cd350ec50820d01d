"""A palletiser that lines feed is no line of its own; what it lost is in the shift report all the same."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mom.facts import Window
from mom.models import Loss
from mom.reports.report import Period
from mom.reports.shift import describe
from mom.reports.shift_facts import gather
from mom.store.plants import layout_of

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
END = START + timedelta(hours=8)
UNITS = [
    {"id": "filler", "name": "Filler", "level": "work_unit"},
    {"id": "packer", "name": "Packer", "level": "work_unit"},
]
EQUIPMENT = [
    {"id": "line", "name": "Line", "constraint": "filler", "feeds": "palletiser", "units": UNITS},
    {"id": "press", "name": "Press"},
    {"id": "palletiser", "name": "Palletiser"},
]


async def test_what_a_shared_machine_lost_is_told_once_and_in_a_section_of_its_own(make_works: Any) -> None:
    works = await make_works([("equipment", EQUIPMENT)])
    async with works.store.write.begin() as session:
        session.add(Loss(
            site_id=works.site_id, equipment_id=works.equipment("palletiser"), rule="stop", kind="breakdown", key="k",
            title="Palletiser: pusher", started_at=START, ended_at=START + timedelta(minutes=25), seconds=1500, units=900,
            money=Decimal("450.00"), found_at=START, updated_at=START, figures={},
        ))  # fmt: skip
    period = Period(Window(START, END), "early", "A")
    async with works.store.read() as session:
        layout = await layout_of(session, works.site_id)
        facts = await gather(session, layout, period, [], END)
        other = await gather(session, layout, period, ["works/press"], END)
    assert [line.name for line in facts.lines] == ["Line", "Press"]
    assert [loss.title for loss in facts.losses] == ["Palletiser: pusher"]
    told = describe(facts)
    assert "Palletiser: pusher cost most: 25 min, € 450." in told.answer
    (section,) = [section for section in told.sections if section.title == "Shared by lines"]
    (row,) = section.parts[0].rows
    assert (row["machine"], row["lines"], row["losses"], row["money"]) == ("Palletiser", "Line", "1", "€ 450")
    assert (other.losses, other.shared) == ((), ())
    assert "Shared by lines" not in describe(other).as_text()
