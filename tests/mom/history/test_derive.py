"""Readings in, history out: states, stops, alarms, runs and counts, around what was touched."""

from typing import Any

from mom.history.derive import derive_touched

STATE_COLUMNS = "state, detail, mode, started_at, ended_at"
STOP_COLUMNS = "state, reason, reason_by, started_at, ended_at"


async def test_states_stops_and_alarms_in_order(works: Any) -> None:
    await works.put(
        ("filler.state", 0, 1),
        ("filler.state", 600, 2),
        ("filler.alarm", 600, 7),
        ("filler.reason", 630, 10),
        ("filler.alarm", 700, 0),
        ("filler.reason", 700, 0),
        ("filler.state", 700, 1),
        ("filler.state", 900, 5),
    )
    done = await derive_touched(works.store)
    assert done.touched == 1
    assert await works.rows("state_intervals", STATE_COLUMNS) == [
        ("Execute", "", "", 0, 600),
        ("Held", "", "", 600, 700),
        ("Execute", "", "", 700, 900),
        ("Suspended", "blocked", "", 900, None),
    ]
    assert await works.rows("stops", STOP_COLUMNS) == [("Held", "jam", "machine", 600, 700)]
    assert await works.rows("alarms", "code, text, stops, started_at, ended_at") == [("7", "E7 jam", True, 600, 700)]
    assert (await derive_touched(works.store)).touched == 0


async def test_a_stop_is_named_by_its_first_alarm_while_nobody_says_why_and_keeps_its_id(works: Any) -> None:
    await works.put(
        ("filler.state", 0, 1), ("filler.state", 100, 2), ("filler.alarm", 100, 8), ("filler.alarm", 110, 7)
    )
    await derive_touched(works.store)
    (first,) = await works.rows("stops", "id, reason, reason_by, ended_at")
    assert first[1:] == ("E8 door", "alarm", None)
    await works.put(("filler.reason", 150, 11))
    await derive_touched(works.store)
    await works.put(("filler.state", 200, 1))
    await derive_touched(works.store)
    assert await works.rows("stops", "id, reason, reason_by, ended_at") == [(first[0], "door", "machine", 200)]
    assert await works.rows("stops", "id", "superseded_at IS NOT NULL") == []


async def test_late_reading_supersedes_what_it_contradicts_and_nothing_else(works: Any) -> None:
    await works.put(*[("filler.state", 100 * n, 1 + n % 2) for n in range(20)])
    await derive_touched(works.store)
    before = await works.rows("state_intervals", "id, started_at, ended_at")
    await works.put(("filler.state", 850, 3))
    await derive_touched(works.store)
    after = await works.rows("state_intervals", "id, state, started_at, ended_at")
    kept = {row[0] for row in before} & {row[0] for row in after}
    assert len(kept) == len(before) - 1
    assert [row[1:] for row in after if 700 <= row[2] < 1000] == [
        ("Held", 700, 800),
        ("Execute", 800, 850),
        ("Aborted", 850, 900),
        ("Held", 900, 1000),
    ]
    (wrong,) = await works.rows("state_intervals", "started_at, ended_at, superseded_by", "superseded_at IS NOT NULL")
    assert wrong[:2] == (800, 900)
    assert wrong[2] in {row[0] for row in after if row[2] == 800}


async def test_bad_status_and_gaps_are_unknown_and_no_stop(works: Any) -> None:
    await works.put(("filler.state", 0, 1), ("filler.state", 100, 2, 0x80050000), ("filler.state", 200, 1))
    await works.gap(300, 400)
    await works.put(("filler.state", 500, 2))
    await works.gap(550, None)
    await derive_touched(works.store)
    assert [row[0:1] + row[3:] for row in await works.rows("state_intervals", STATE_COLUMNS)] == [
        ("Execute", 0, 100),
        ("Unknown", 100, 200),
        ("Execute", 200, 300),
        ("Unknown", 300, 400),
        ("Execute", 400, 500),
        ("Held", 500, 550),
        ("Unknown", 550, None),
    ]
    assert await works.rows("stops", "started_at, ended_at") == [(500, 550)]


async def test_set_up_and_time_without_a_shift_are_no_stops(works: Any) -> None:
    evening = 15 * 3600  # 22:00 in Vienna is 21:00 UTC: START is 06:00 UTC
    await works.put(
        ("filler.state", 0, 1),
        ("filler.set_up", 100, 1),
        ("filler.state", 100, 6),
        ("filler.set_up", 400, 0),
        ("filler.state", 400, 1),
        ("filler.state", evening - 60, 6),
        ("filler.state", evening + 8.5 * 3600, 1),
    )
    await derive_touched(works.store)
    stops = await works.rows("stops", "started_at, ended_at")
    assert stops == [(evening - 60, evening), (evening + 8 * 3600, evening + 8.5 * 3600)]


async def test_without_a_state_tag_alarms_that_stop_make_the_stops(works: Any) -> None:
    await works.put(
        ("press.alarm", 10, 1),
        ("press.warning", 12, 1),
        ("press.door", 20, 1),
        ("press.alarm", 30, 0),
        ("press.door", 50, 0),
        ("press.warning", 90, 0),
    )
    await derive_touched(works.store)
    assert await works.rows("stops", STOP_COLUMNS) == [("Aborted", "hydraulics", "alarm", 10, 50)]
    await works.put(("press.door", 5, 1))
    await derive_touched(works.store)
    assert await works.rows("stops", STOP_COLUMNS) == [("Aborted", "door", "alarm", 5, 50)]
    assert await works.rows("state_intervals", "id") == []


async def test_counts_by_minute_with_product_order_and_shift(works: Any) -> None:
    await works.put(
        ("line.order", 0, 4711),
        ("line.product", 0, 1),
        ("filler.good", 0, 100),
        ("filler.scrap", 0, 5),
        ("filler.good", 30, 130),
        ("filler.good", 60, 160),
        ("filler.scrap", 61, 7),
        ("line.order", 90, 4712),
        ("line.product", 90, 2),
        ("filler.good", 130, 190),
    )
    await derive_touched(works.store)
    columns = 'started_at, produced, good, scrap, product, "order", shift'
    assert await works.rows("counts", columns, "source = 'plc'") == [
        (0, 60, 60, 0, "A", "4711", "early"),
        (60, 2, 0, 2, "B", "4712", "early"),
        (120, 30, 30, 0, "B", "4712", "early"),
    ]
    assert await works.rows("runs", '"order", product, started_at, ended_at') == [
        ("4711", "A", 0, 90),
        ("4712", "B", 90, None),
    ]
    async with await works.store.connect() as connection:
        rows = await (await connection.execute("SELECT reason, quantity FROM scrap_counts")).fetchall()
    assert rows == [("torn", 2)]


async def test_pieces_counted_across_a_gap_are_one_span_and_none_is_lost(works: Any) -> None:
    await works.put(("filler.good", 0, 0), ("filler.good", 60, 50))
    await works.gap(90, 3000)
    await works.put(("filler.good", 3010, 2000), ("filler.good", 3030, 2020))
    await derive_touched(works.store)
    rows = await works.rows("counts", "started_at, ended_at, produced, key <> ''", "source = 'plc'")
    assert rows == [(0, 60, 50, False), (60, 3060, 1950, True), (3000, 3060, 20, False)]


async def test_what_a_person_said_of_a_stop_stays(works: Any) -> None:
    await works.put(("filler.state", 0, 1), ("filler.state", 100, 2), ("filler.state", 500, 1))
    await derive_touched(works.store)
    async with await works.store.connect() as connection:
        await connection.execute(
            "INSERT INTO corrections (site_id, equipment_id, kind, started_at, ended_at, value, why, by_name) VALUES"
            " (%s, %s, 'reason', '2026-03-02T06:01:40Z', '2026-03-02T06:08:20Z',"
            " '{\"reason\": \"forklift in the way\"}', 'seen', 'eva')",
            [works.site_id, works.equipment("line/filler")],
        )
    await works.put(("filler.reason", 300, 10), ("filler.state", 450, 1))
    await derive_touched(works.store)
    assert await works.rows("stops", "reason, reason_by, ended_at") == [("forklift in the way", "person", 450)]


async def test_a_loaded_past_and_live_readings_are_never_taken_together(works: Any) -> None:
    await works.put(("filler.state", 0, 1), wakes=False)
    await works.put(("packer.state", 10, 1), wakes=True)
    first, second = await derive_touched(works.store), await derive_touched(works.store)
    assert (first.wakes, second.wakes) == (False, True)
    assert (first.touched, second.touched) == (1, 1)


async def test_a_gap_in_what_lasts_for_days_stays_when_more_is_told(works: Any) -> None:
    day = 24 * 3600
    await works.put(
        ("filler.state", 0, 1), ("filler.state", 600, 2), ("filler.good", 0, 100), ("filler.good", 600, 400)
    )
    await works.gap(1000, 2000)
    await derive_touched(works.store)
    await works.put(("filler.state", 3 * day, 1), ("filler.good", 3 * day, 430))
    await derive_touched(works.store)
    assert await works.rows("state_intervals", STATE_COLUMNS) == [
        ("Execute", "", "", 0, 600),
        ("Held", "", "", 600, 1000),
        ("Unknown", "", "", 1000, 2000),
        ("Held", "", "", 2000, 3 * day),
        ("Execute", "", "", 3 * day, None),
    ]
    kept = await works.rows("counts", "started_at, ended_at, good", "key <> ''")
    assert [(start, good) for start, _, good in kept] == [(600, 30)]


async def test_pieces_told_after_the_shift_end_the_stop_with_it(works: Any) -> None:
    hour = 3600
    await works.put(("filler.state", 0, 1), ("filler.state", 14 * hour, 2), ("filler.good", 0, 100))
    await derive_touched(works.store)
    assert await works.rows("stops", "started_at, ended_at") == [(14 * hour, None)]
    await works.put(("filler.good", 16 * hour, 100))
    await derive_touched(works.store)
    assert await works.rows("stops", "started_at, ended_at") == [(14 * hour, 15 * hour)]
