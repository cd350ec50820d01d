"""What was taken is stored, once: after SIGKILL, a database that is away, a disk that is full."""

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("LINESIDE_TEST_KILLS", "20"))
SEED = int(os.environ.get("LINESIDE_TEST_SEED", "7"))


@pytest.fixture
def nursery(database_dsn, tmp_path):
    """`await nursery("kill", …)`: starts it; the paths of its spool and its acknowledgements are beside."""

    async def start(*words):
        program = [sys.executable, str(Path(__file__).with_name("nursery.py")), database_dsn]
        paths = [str(tmp_path / "spool.db"), str(tmp_path / "acks")]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        return await asyncio.create_subprocess_exec(*program, *paths, *words, env=env)

    start.acks, start.make_room = tmp_path / "acks", (tmp_path / "spool.db.room").touch
    return start


def acknowledged(path):
    return [(int(n), datetime.fromisoformat(at)) for n, at in (line.split() for line in path.read_text().splitlines())]


async def test_kill_9(nursery, rows):
    print(f"seed {SEED}")
    process = await nursery("kill", str(KILLS), str(SEED))
    assert await process.wait() == 0
    acks = acknowledged(nursery.acks)
    last = max(n for n, _ in acks)
    assert last > KILLS * 200
    wrong_time = "at <> '2026-08-01Z'::timestamptz + number * interval '1 ms'"
    query = f"SELECT count(*), max(number), count(*) FILTER (WHERE {wrong_time}) FROM readings"
    [(count, highest, wrong)] = await rows(query)
    assert (count, wrong) == (highest + 1, 0), f"{last} were acknowledged"
    assert highest >= last
    [(gaps, still_open)] = await rows("SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL) FROM gaps")
    assert (gaps, still_open) == (KILLS, 0)


async def test_a_full_disk(nursery, rows, until):
    process = await nursery("full")
    await until(lambda: nursery.acks.exists() and len(acknowledged(nursery.acks)) > 10, 20)

    async def stands_still():
        before = len(acknowledged(nursery.acks))
        await asyncio.sleep(1)
        return len(acknowledged(nursery.acks)) == before

    await until(stands_still, 20)
    before = acknowledged(nursery.acks)
    nursery.make_room()
    assert await process.wait() == 0
    after = acknowledged(nursery.acks)[len(before) :]
    assert len(after) > 10
    gaps = await rows("SELECT started_at, ended_at FROM gaps WHERE reason = 'spool full'")
    assert gaps == [(before[-1][1], after[0][1])]
    [(count, highest)] = await rows("SELECT count(*), max(number) FROM readings")
    assert highest >= max(n for n, _ in after)  # the last one may be taken while its feed is stopped
    assert count == highest + 1
