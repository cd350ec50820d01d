"""An approved action is done once, however the worker ends."""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

from sqlalchemy import func, select, text

from api.loops import loops
from api.worker import work
from mom import switches
from mom.caller import Caller
from mom.models import Execution, Letter, MaintenanceOrder, Proposal
from mom.proposals.carry_out import carry_out
from mom.proposals.claim import LEASE, claim
from mom.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
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


async def test_killed_at_any_moment_each_action_is_done_once(jobs):
    """Every order and letter takes its time, so that most kills fall into a transaction that is open."""
    print("seed", 20)
    dice = random.Random(20)
    wanted = [await jobs.approved() for _ in range(5 * KILLS)]
    async with jobs.store.write.begin() as session:
        body = "'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END'"
        await session.execute(text(f"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS {body}"))
        for table in ("maintenance_orders", "letters"):
            await session.execute(
                text(f"CREATE TRIGGER slow AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION slow()")
            )
    inside = 0
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    nursery = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKERS, jobs.dsn, cwd=ROOT, **pipes)
    for _ in range(KILLS):
        before = await jobs.done()
        nursery.stdin.write(b"\n")
        worker = int(await nursery.stdout.readline())
        await jobs.more_is_done_than(before)
        await asyncio.sleep(dice.uniform(0, 0.1))
        os.kill(worker, signal.SIGKILL)  # it is there: it ends only by this
        assert await nursery.stdout.readline() == b"gone\n"
        inside += await jobs.counted(Execution.status == "running", Execution.lease_until > text("now()"))
    nursery.stdin.close()
    assert await nursery.wait() == 0
    assert inside >= KILLS // 4, "too few kills fell into an action"
    await finish(jobs)
    assert await jobs.done() == len(wanted)
    async with jobs.store.write() as session:
        done = list(await session.scalars(select(MaintenanceOrder.proposal_id).order_by(MaintenanceOrder.proposal_id)))
        assert done == wanted
        assert await session.scalar(select(func.count()).select_from(Letter)) == len(wanted)


async def finish(jobs):
    """What the dead workers left, once their leases have run out."""
    later = jobs.now.replace(year=jobs.now.year + 5) + 2 * LEASE
    while True:
        async with jobs.store.write.begin() as session:
            claimed = await claim(session, "last", later)
        if claimed is None:
            return
        async with jobs.store.write.begin() as session:
            await carry_out(session, claimed, later)


async def test_no_action_begins_once_the_agents_are_off(jobs):
    for _ in range(40):
        await jobs.approved()
    stop = asyncio.Event()
    acting = [loop for loop in loops(Settings()) if loop.name == "actions"]
    task = asyncio.create_task(work(jobs.store, acting, stop))
    await jobs.more_is_done_than(2)
    async with jobs.store.write.begin() as session:
        await switches.throw(
            session, "agents", on=False, caller=Caller(1, None, "t", frozenset({"manager"})), now=jobs.now
        )
    await asyncio.sleep(0.2)  # what had begun
    done = await jobs.done()
    assert 2 < done < 40
    await asyncio.sleep(2)
    assert await jobs.done() == done
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_the_process_acts_and_stops_when_asked_and_when_its_owner_dies(jobs, tmp_path):
    read, write = os.pipe()
    environment = {**os.environ, "DATABASE_URL": jobs.dsn, "LINESIDE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    words = (sys.executable, "-m", "api", "worker")
    asked = await asyncio.create_subprocess_exec(*words, env=environment, cwd=tmp_path)
    owned = await asyncio.create_subprocess_exec(
        *words, env={**environment, "LINESIDE_WATCH_FD": str(read)}, cwd=tmp_path, pass_fds=(read,)
    )
    os.close(read)
    try:
        await jobs.approved()
        await jobs.more_is_done_than(0)
        asked.terminate()
        assert await asyncio.wait_for(asked.wait(), 20) == 0
        os.close(write)
        assert await asyncio.wait_for(owned.wait(), 20) == 0
    finally:
        for process in (asked, owned):
            if process.returncode is None:
                process.kill()
    assert await jobs.counted(Proposal.status == "done", of=Proposal) == 1
