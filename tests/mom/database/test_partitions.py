"""The monthly parts of `readings`: made when asked, filled with what waited, and never needed to store a reading."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

from mom.database.partitions import ensure_partitions, months_of

PARTS = "SELECT DISTINCT tableoid::regclass::text FROM readings ORDER BY 1"
STORE = "INSERT INTO readings (tag_id, at, received_at, number) VALUES (%s, %s, %s, 1)"


async def store_at(connection, *times):
    for tag, at in enumerate(times):
        await connection.execute(STORE, [tag, at, at])


async def parts(connection):
    return [name for (name,) in await (await connection.execute(PARTS)).fetchall()]


def test_months_are_those_of_utc_and_within_reason():
    east = timezone(timedelta(hours=2))
    times = [datetime(2026, 3, 1, 1, tzinfo=east), datetime(2026, 2, 3, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)]
    assert months_of(times) == [datetime(2026, 2, 1, tzinfo=UTC)]


async def test_migrating_makes_the_months_around_now(database, now):
    async with await database.connect() as connection:
        await store_at(connection, now - timedelta(days=30), now, now + timedelta(days=40))
        assert await parts(connection) == ["readings_2026_07", "readings_2026_08", "readings_2026_10"]


async def test_a_reading_without_a_month_is_stored_and_moves_when_the_month_is_made(database):
    at = datetime(2018, 11, 30, 23, 59, 59, tzinfo=UTC)
    async with await database.connect() as connection:
        await store_at(connection, at, at + timedelta(seconds=1), datetime(1970, 1, 1, tzinfo=UTC))
        await connection.commit()
        assert await parts(connection) == ["readings_default"]
        assert await ensure_partitions(connection, [at, at]) == 1
        assert await parts(connection) == ["readings_2018_11", "readings_default"]
        assert await ensure_partitions(connection, [at, datetime(1970, 1, 1, tzinfo=UTC)]) == 0
        count = await (await connection.execute("SELECT count(*), sum(tag_id) FROM readings")).fetchone()
        assert count == (3, 3)


async def test_a_repeated_reading_is_still_found_after_the_move(database):
    at = datetime(2018, 11, 5, tzinfo=UTC)
    async with await database.connect(autocommit=True) as connection:
        await store_at(connection, at)
        await ensure_partitions(connection, [at])
        again = await connection.execute(STORE + " ON CONFLICT DO NOTHING", [0, at, at])
        assert again.rowcount == 0


async def test_two_at_once_while_others_write(database):
    months = [datetime(2019, month, 1, tzinfo=UTC) for month in range(1, 13)]

    async def ensure() -> int:
        made = 0
        for month in months:
            async with await database.connect() as connection:
                made += await ensure_partitions(connection, [month])
        return made

    async def write() -> None:
        async with await database.connect(autocommit=True) as connection:
            for number in range(60):
                at = months[number % 12] + timedelta(minutes=number)
                await connection.execute(STORE, [number, at, at])

    made = await asyncio.gather(ensure(), ensure(), write())
    assert made[0] + made[1] == 12
    async with await database.connect() as connection:
        assert await parts(connection) == [f"readings_2019_{month:02d}" for month in range(1, 13)]
