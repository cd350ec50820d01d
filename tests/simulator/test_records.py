"""What the other systems know: complete, in order, in the way that people write."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from simulator.plant.calendar import crew_of
from simulator.plant.orders import OrderBook
from simulator.plant.plant import Plant
from simulator.plant.records import Record
from simulator.plant.records import records as records_of
from simulator.plant.streams import Streams


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return Plant(3, 8).records()


def of(records: list[Record], kind: str) -> list[Record]:
    return [record for record in records if record.kind == kind]


def test_every_system_has_its_say(records):
    assert {record.system for record in records} == {"erp", "cmms", "lims", "wms", "plm", "shift_book"}
    assert [record.at for record in records] == sorted(record.at for record in records)


def test_an_order_goes_from_released_to_done(records):
    states: dict[str, list[str]] = {}
    for record in of(records, "production_order"):
        states.setdefault(record.key, []).append(record.data["status"])
    assert ["released", "running", "done"] in states.values()
    assert ["released"] in states.values()
    assert all(s == ["released", "running", "done"][: len(s)] for s in states.values())
    assert all(record.data["line"] in ("line-1", "line-2") for record in of(records, "production_order"))


def test_a_record_has_one_number_and_readable_times(records):
    others = [(r.kind, r.key) for r in records if r.kind != "production_order"]
    assert [name for name, count in Counter(others).items() if count > 1] == []
    for record in of(records, "maintenance_order"):
        began, ended = (datetime.fromisoformat(record.data[key]) for key in ("started_at", "ended_at"))
        assert datetime.fromisoformat(record.data["reported_at"]) <= began <= ended


def test_people_write_in_several_wordings(records):
    assert len({record.data["text"] for record in of(records, "note")}) > 20
    assert len({record.data["text"] for record in of(records, "maintenance_order")}) > 4


def test_one_qualification_is_missing(records):
    posts = {(r.data["person"], r.data["equipment"]) for r in of(records, "qualification")}
    assert ("O. Haas", "line-2/labeller") in posts
    assert ("B. Fuchs", "line-2/packer") in posts
    assert ("B. Fuchs", "line-2/labeller") not in posts


def test_a_moved_order_is_run_when_its_new_start_says():
    plant = Plant(3, 1)
    book = OrderBook(plant.layout, Streams(3), "line-1", 1)
    book.release(0.0)
    first, second, third = (order.number for order in book.waiting[:3])
    book.replan({third: -1.0})
    assert [order.number for order in book.waiting[:3]] == [third, first, second]


def test_an_order_whose_material_is_late_is_passed_over():
    plant = Plant(3, 0.5).run()
    book = plant.site.books["line-1"]
    late = book.waiting[1]
    plant.intervene("late_material", line="line-1", seconds=40 * 3600.0)
    since = plant.site.env.now - 1
    plant.advance(plant.now + timedelta(seconds=2))
    told = [r for r in records_of(plant.site, since) if r.key == late.number]
    assert [r.data["release_at"] for r in told] == [plant.site.at(round(late.material_at)).isoformat()]
    plant.advance(plant.now + timedelta(hours=36))
    assert late in book.waiting
    plant.advance(plant.now + timedelta(hours=60))
    assert late.started is not None
    assert late.started >= late.material_at


def test_crews_rotate_by_week():
    layout = Plant(3, 1).layout
    anchor = layout.anchor
    assert [crew_of(layout, shift, anchor) for shift in range(3)] == ["A", "B", "C"]
    assert [crew_of(layout, shift, anchor.replace(day=anchor.day + 7)) for shift in range(3)] == ["B", "C", "D"]
