"""The worker's loops stand on their own feet."""

import asyncio

from sqlalchemy import select

from api.loops import loops
from api.worker import Loop, work
from mom.models import WorkerLoop
from mom.settings import Settings


async def test_a_fault_in_one_loop_is_seen_and_stops_no_other(jobs):
    ran: dict[str, int] = {"good": 0, "bad": 0}

    async def good(store, now):
        ran["good"] += 1

    async def bad(store, now):
        ran["bad"] += 1
        raise ValueError("a fault of ours\x00")

    stop = asyncio.Event()
    task = asyncio.create_task(work(jobs.store, [Loop("good", good, 0.05), Loop("bad", bad, 0.05)], stop))

    async def enough():
        return ran["good"] > 10 and ran["bad"] >= 2

    await jobs.until(enough)
    async with jobs.store.read() as session:
        rows = {row.name: row for row in await session.scalars(select(WorkerLoop))}
    assert rows["bad"].error == "ValueError: a fault of ours"
    assert rows["bad"].failing_since is not None
    assert rows["good"].error is rows["good"].failing_since is None
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_a_loop_that_recovers_says_so(jobs):
    faults = [OSError("down")]

    async def step(store, now):
        if faults:
            raise faults.pop()

    stop = asyncio.Event()
    task = asyncio.create_task(work(jobs.store, [Loop("shaky", step, 0.05)], stop))

    async def well():
        async with jobs.store.read() as session:
            row = await session.get(WorkerLoop, "shaky")
            return row is not None and row.well_at is not None and row.failing_since is None

    await jobs.until(well)
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_a_notice_wakes_the_loop_that_waits_for_it(jobs):
    woken = asyncio.Event()
    calls = 0

    async def step(store, now):
        nonlocal calls
        calls += 1
        if calls > 2:  # at the start, and once more when it begins to listen
            woken.set()

    stop = asyncio.Event()
    task = asyncio.create_task(work(jobs.store, [Loop("waiting", step, 3600, ("lineside_test",))], stop))
    await asyncio.sleep(0.5)
    async with await jobs.store.connect(autocommit=True) as connection:
        await connection.execute("NOTIFY lineside_test")
    await asyncio.wait_for(woken.wait(), 5)
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_a_step_that_does_not_end_is_broken_off(jobs, monkeypatch):
    monkeypatch.setattr("api.worker.GRACE", 0.2)
    began = asyncio.Event()

    async def endless(store, now):
        began.set()
        await asyncio.sleep(3600)

    stop = asyncio.Event()
    task = asyncio.create_task(work(jobs.store, [Loop("endless", endless, 1)], stop))
    await began.wait()
    stop.set()
    await asyncio.wait_for(task, 5)


def test_every_loop_has_a_name_of_its_own():
    names = [loop.name for loop in loops(Settings())]
    assert len(names) == len(set(names))
    assert {"history", "actions", "triage", "courier", "receipts", "clock", "expiry", "effects", "knowledge"} <= set(
        names
    )
