"""A source whose clock is far ahead of ours makes no history of the years between, and stalls nobody's."""

from typing import Any

from mom.history.derive import derive_touched
from mom.status import TIME_AHEAD

YEAR = 365.25 * 86_400


async def test_a_time_far_ahead_ends_no_stop_of_today_and_costs_no_century(works: Any) -> None:
    await works.put(("filler.state", 0, 1), ("filler.state", 600, 2), ("filler.good", 600, 5))
    await works.put(("filler.good", 60 * YEAR, 6, TIME_AHEAD))
    await derive_touched(works.store)
    assert await works.rows("stops", "started_at, ended_at") == [(600, None)]


async def test_the_last_moment_of_all_is_derived_like_any_other(works: Any) -> None:
    await works.put(("filler.state", 0, 1), ("filler.state", 600, 2))
    await works.put(("press.door", 60, 1), ("press.door", 120, 0))
    await works.connection.execute("UPDATE touched SET to_at = '9999-12-31T23:59:59Z'")
    await works.connection.execute(
        "INSERT INTO touched (site_id, equipment_id, from_at, to_at, wakes) SELECT site_id, equipment_id, to_at, to_at, wakes"
        " FROM touched"
    )
    await works.connection.execute(
        "UPDATE readings SET at = '9999-12-31T23:59:59Z', status = %s WHERE tag_id = %s AND number = 0",
        [TIME_AHEAD, works.applied.tags["press.door"][0]],
    )
    turns = [(await derive_touched(works.store)).touched for _ in range(3)]
    assert turns == [2, 2, 0], "today first, what lies millennia ahead in a turn of its own"
    assert await works.rows("stops", "started_at, ended_at", "state = 'Held'") == [(600, None)]
