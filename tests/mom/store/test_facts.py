"""Equipment found by what people call it; the rows behind a figure."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mom.errors import BadInput, NotFound
from mom.facts import Window
from mom.history.derive import derive_touched
from mom.kpis.board import kpis
from mom.store.equipment import find_equipment
from mom.store.facts import facts
from mom.store.openable import NOUNS
from mom.store.rows import row, rows


@pytest.mark.parametrize("text", ["works/line/filler", "line/filler", "LINE/FILLER", "filler", "Filler "])
async def test_equipment_is_found_by_what_people_call_it(works: Any, text: str) -> None:
    async with works.store.read() as session:
        assert (await find_equipment(session, text)).path == "works/line/filler"


async def test_an_alias_a_near_miss_and_one_that_fits_two(works: Any, make_works: Any) -> None:
    async with works.store.read() as session:
        assert (await find_equipment(session, "l1")).path == "works/line"
        with pytest.raises(NotFound, match="Did you mean works/line/filler"):
            await find_equipment(session, "fillr")
    await make_works([("site", {"id": "other", "name": "Other"})])
    async with works.store.read() as session:
        with pytest.raises(BadInput, match="other/line/filler, works/line/filler"):
            await find_equipment(session, "filler")
        assert (await find_equipment(session, "filler", works.site_id)).path == "works/line/filler"


async def test_facts_hold_whole_spans_and_counts_that_begin_in_the_window(works: Any) -> None:
    await works.put(
        ("filler.state", 0, 1), ("filler.state", 900, 2), ("filler.alarm", 890, 7), ("filler.state", 2000, 1)
    )
    await works.put(*[("filler.good", 60 * n, 10 * n) for n in range(40)])
    await derive_touched(works.store)
    from datetime import datetime

    start = datetime.fromisoformat("2026-03-02T06:10:00+00:00")
    window = Window(start, start + timedelta(minutes=10))
    async with works.store.read() as session:
        found = await facts(session, "filler", window, start + timedelta(hours=1))
    assert [(s.state, s.seconds) for s in found.states] == [("Execute", 900), ("Held", 1100)]
    assert [(s.reason, s.seconds) for s in found.stops] == [("E7 jam", 1100)]
    assert len(found.counts) == 10
    assert found.products["B"].rates["works/line/filler"] == 30
    assert found.products["B"].rates["works/line/packer"] == 40
    assert [s.name for s in found.shifts] == ["early"]


async def test_the_rows_behind_a_figure_come_back_by_its_query(works: Any) -> None:
    await works.put(("filler.state", 0, 1), ("filler.state", 900, 2), ("filler.state", 2000, 1))
    await derive_touched(works.store)
    from datetime import datetime

    start = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
    window = Window(start, start + timedelta(hours=1))
    async with works.store.read() as session:
        found = {f.name: f for f in await kpis(session, "filler", window, window.end)}
        for name in ("availability", "mtbf"):
            source = found[name].source
            address = urlsplit(source.query)
            noun = address.path.removeprefix("/api/v1/rows/")
            behind = await rows(session, noun, dict(parse_qsl(address.query)), works.site_id)
            assert len(behind) == source.rows > 0
        stop = behind[0]
        again = await row(session, stop["ref"], works.site_id)
        assert again == stop
        assert (stop["noun"], stop["equipment"]) == ("stops", "works/line/filler")
        with pytest.raises(NotFound, match="no stop"):
            await row(session, stop["ref"], works.site_id + 1)


async def test_every_noun_can_be_asked_and_bad_questions_are_refused(works: Any) -> None:
    asked = {"equipment": "filler", "from": "2026-03-02T06:00:00Z", "to": "2026-03-03T06:00:00Z", "limit": "5"}
    async with works.store.read() as session:
        for noun in NOUNS:
            assert await rows(session, noun, asked, works.site_id) == [] or noun == "signals"
        for noun, params, words in (
            ("cheese", {}, "There are states, stops"),
            ("stops", {"from": "soon"}, "expected a time"),
            ("stops", {"to": "2026-03-02"}, "time zone is missing"),
            ("stops", {"limit": "all"}, "limit is 'all'"),
        ):
            with pytest.raises((NotFound, BadInput), match=words):
                await rows(session, noun, params, works.site_id)
        assert (await row(session, "signal:filler.state", works.site_id))["meaning"] == "state"
        for reference in ("stop", "stop:x", "users:1", "stop:99999999999999999999"):
            with pytest.raises(BadInput, match="names no row"):
                await row(session, reference, works.site_id)
