"""A past comes in once, whole, and wakes nobody."""

from datetime import UTC, datetime, timedelta

from connectors.past import load_past

START = datetime(2026, 7, 20, tzinfo=UTC)


def past(count, step=5_000):
    for first in range(0, count, step):
        yield [(f"t{n % 10}", START + timedelta(seconds=n), n / 7, 0) for n in range(first, min(first + step, count))]


async def test_a_past_is_stored_once(plant, database, rows, tmp_path, now):
    tags = [{"id": f"t{n}", "address": f"holding:{n}"} for n in range(10)] + [
        {"id": "word", "address": "holding:20:4", "type": "text"}
    ]
    there = plant({"protocol": "modbus", "host": "127.0.0.1", "tags": tags})
    count = 300_000
    odd = [[("word", START, "one", 0), ("word", None, "two", 0), ("nobody", START, 1.0, 0), ("t1", START, "x", 0)]]
    loaded = await load_past(database, there, [*past(count), *odd], tmp_path, now)
    assert (loaded.offered, loaded.stored, loaded.repeats, loaded.waiting) == (count + 4, count + 2, 0, 2)
    again = await load_past(database, there, past(1_000), tmp_path, now)
    assert (again.stored, again.repeats) == (0, 1_000)
    assert await rows("SELECT count(*), round(sum(number)) FROM readings") == [
        (count + 2, round(sum(n / 7 for n in range(count))))
    ]
    touched = await rows("SELECT from_at, to_at, wakes FROM touched")
    assert touched == [(START, now, False)]
    reasons = await rows("SELECT reason FROM waiting_items ORDER BY key")
    assert reasons == [
        ("the plant file has no such tag",),
        ("value 'x': expected a number, the tag's type is float64",),
    ]
    print(f"{loaded.stored / loaded.seconds:,.0f} readings/s")
