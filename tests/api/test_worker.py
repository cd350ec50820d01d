"""The worker: loops on their own feet, an action done once however the process ends."""

import asyncio
import os
import random
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from api.loops import loops
from api.worker import Loop, work
from mom import switches
from mom.caller import Caller
from mom.models import Equipment, Execution, Letter, MaintenanceOrder, Proposal, Site, User, WorkerLoop
from mom.proposals.carry_out import carry_out
from mom.proposals.claim import LEASE, claim
from mom.proposals.decide import decide
from mom.proposals.propose import propose
from mom.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("LINESIDE_KILLS", "20"))
WORKERS = """
import asyncio, os, sys
from api.loops import loops
from api.worker import work
from mom.database.access import engines
from mom.settings import read_settings

async def main():
    async with engines(sys.argv[1]) as store:
        await work(store, [loop for loop in loops(read_settings()) if loop.name == "actions"], asyncio.Event())

for line in sys.stdin:  # a worker for each line; forked, because importing takes longer than acting
    child = os.fork()
    if not child:
        asyncio.run(main())
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


@pytest.fixture
async def site(database):
    """A plant with a machine, a maintenance system that is not there, and somebody who may approve."""
    plant = {
        "approvals": {"maintenance_order": {"roles": ["maintenance"], "expires_after": "24h"}},
        "systems": [{"id": "cmms", "kind": "cmms", "url": "http://127.0.0.1:9/cmms", "allow_private": True}],
    }
    async with database.write.begin() as session:
        session.add(Site(code="plant", name="Plant", plant=plant))
        await session.flush()
        session.add(Equipment(site_id=1, path="plant/capper", code="capper", name="Capper", level="work_unit"))
        session.add(User(name="max", roles=["maintenance"], site_id=1))
    return database


async def approved(store, now):
    async with store.write.begin() as session:
        person = await session.scalar(select(User))
        caller = Caller(1, person.id, "max", frozenset({"maintenance"}))
        made = await propose(
            session,
            caller=Caller(1, None, "triage"),
            agent="maintenance_planner",
            action="maintenance_order",
            payload={"title": "Replace the chuck", "equipment": "capper"},
            rationale="It is worn.",
            expected_effect="Fewer jams.",
            now=now,
        )
        await decide(session, made.id, approve=True, sha256=made.sha256, caller=caller, now=now)
        return made.id


async def counted(store, *conditions, of=Execution):
    async with store.write() as session:
        return await session.scalar(select(func.count()).select_from(of).where(*conditions))


async def until(check, seconds=20.0):
    end = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)


async def test_killed_at_any_moment_each_action_is_done_once(site, now):
    """Every order and letter takes its time, so that most kills fall into a transaction that is open."""
    print("seed", 20)
    dice = random.Random(20)
    wanted = [await approved(site, now) for _ in range(5 * KILLS)]
    async with site.write.begin() as session:
        body = "'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END'"
        await session.execute(text(f"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS {body}"))
        for table in ("maintenance_orders", "letters"):
            await session.execute(
                text(f"CREATE TRIGGER slow AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION slow()")
            )
    inside = 0
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    nursery = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKERS, site.dsn, cwd=ROOT, **pipes)
    for _ in range(KILLS):
        before = await counted(site, Execution.status == "done")
        nursery.stdin.write(b"\n")
        worker = int(await nursery.stdout.readline())
        await until(partial(_grew, site, before))
        await asyncio.sleep(dice.uniform(0, 0.1))
        os.kill(worker, signal.SIGKILL)  # it is there: it ends only by this
        assert await nursery.stdout.readline() == b"gone\n"
        inside += await counted(site, Execution.status == "running", Execution.lease_until > text("now()"))
    nursery.stdin.close()
    assert await nursery.wait() == 0
    assert inside >= KILLS // 4, "too few kills fell into an action"
    await finish(site, now)
    assert await counted(site, Execution.status == "done") == len(wanted)
    async with site.write() as session:
        done = list(await session.scalars(select(MaintenanceOrder.proposal_id).order_by(MaintenanceOrder.proposal_id)))
        assert done == wanted
        assert await session.scalar(select(func.count()).select_from(Letter)) == len(wanted)


async def _grew(store, before):
    return await counted(store, Execution.status == "done") > before


async def finish(store, now):
    """What the dead workers left, once their leases have run out."""
    later = now.replace(year=now.year + 5) + 2 * LEASE
    while True:
        async with store.write.begin() as session:
            claimed = await claim(session, "last", later)
        if claimed is None:
            return
        async with store.write.begin() as session:
            await carry_out(session, claimed, later)


async def test_no_action_begins_once_the_agents_are_off(site, now):
    for _ in range(40):
        await approved(site, now)
    stop = asyncio.Event()
    acting = [loop for loop in loops(Settings()) if loop.name == "actions"]
    task = asyncio.create_task(work(site, acting, stop))
    await until(partial(_grew, site, 2))
    async with site.write.begin() as session:
        await switches.throw(session, "agents", on=False, caller=Caller(1, None, "t", frozenset({"manager"})), now=now)
    await asyncio.sleep(0.2)  # what had begun
    done = await counted(site, Execution.status == "done")
    assert 2 < done < 40
    await asyncio.sleep(2)
    assert await counted(site, Execution.status == "done") == done
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_a_fault_in_one_loop_is_seen_and_stops_no_other(database):
    ran: dict[str, int] = {"good": 0, "bad": 0}

    async def good(store, now):
        ran["good"] += 1

    async def bad(store, now):
        ran["bad"] += 1
        raise ValueError("a fault of ours\x00")

    stop = asyncio.Event()
    task = asyncio.create_task(work(database, [Loop("good", good, 0.05), Loop("bad", bad, 0.05)], stop))

    async def enough():
        return ran["good"] > 10 and ran["bad"] >= 2

    await until(enough)
    async with database.read() as session:
        rows = {row.name: row for row in await session.scalars(select(WorkerLoop))}
    assert rows["bad"].error == "ValueError: a fault of ours"
    assert rows["bad"].failing_since is not None
    assert rows["good"].error is rows["good"].failing_since is None
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_a_loop_that_recovers_says_so(database):
    faults = [OSError("down")]

    async def step(store, now):
        if faults:
            raise faults.pop()

    stop = asyncio.Event()
    task = asyncio.create_task(work(database, [Loop("shaky", step, 0.05)], stop))

    async def well():
        async with database.read() as session:
            row = await session.get(WorkerLoop, "shaky")
            return row is not None and row.well_at is not None and row.failing_since is None

    await until(well)
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_a_notice_wakes_the_loop_that_waits_for_it(database):
    woken = asyncio.Event()
    calls = 0

    async def step(store, now):
        nonlocal calls
        calls += 1
        if calls > 2:  # at the start, and once more when it begins to listen
            woken.set()

    stop = asyncio.Event()
    task = asyncio.create_task(work(database, [Loop("waiting", step, 3600, ("lineside_test",))], stop))
    await asyncio.sleep(0.5)
    async with await database.connect(autocommit=True) as connection:
        await connection.execute("NOTIFY lineside_test")
    await asyncio.wait_for(woken.wait(), 5)
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_a_step_that_does_not_end_is_broken_off(database, monkeypatch):
    monkeypatch.setattr("api.worker.GRACE", 0.2)
    began = asyncio.Event()

    async def endless(store, now):
        began.set()
        await asyncio.sleep(3600)

    stop = asyncio.Event()
    task = asyncio.create_task(work(database, [Loop("endless", endless, 1)], stop))
    await began.wait()
    stop.set()
    await asyncio.wait_for(task, 5)


def test_every_loop_has_a_name_of_its_own():
    names = [loop.name for loop in loops(Settings())]
    assert len(names) == len(set(names))
    assert {"history", "actions", "triage", "courier", "receipts", "clock", "expiry", "effects", "knowledge"} <= set(
        names
    )


async def test_the_process_acts_and_stops_when_asked_and_when_its_owner_dies(site, now, tmp_path):
    read, write = os.pipe()
    environment = {**os.environ, "DATABASE_URL": site.dsn, "LINESIDE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    words = (sys.executable, "-m", "api", "worker")
    asked = await asyncio.create_subprocess_exec(*words, env=environment, cwd=tmp_path)
    owned = await asyncio.create_subprocess_exec(
        *words, env={**environment, "LINESIDE_WATCH_FD": str(read)}, cwd=tmp_path, pass_fds=(read,)
    )
    os.close(read)
    try:
        await approved(site, now)
        await until(lambda: _grew(site, 0), 60)
        asked.terminate()
        assert await asyncio.wait_for(asked.wait(), 20) == 0
        os.close(write)
        assert await asyncio.wait_for(owned.wait(), 20) == 0
    finally:
        for process in (asked, owned):
            if process.returncode is None:
                process.kill()
    assert await counted(site, Proposal.status == "done", of=Proposal) == 1
