"""A plant with a machine, approved proposals on it, and what the worker made of them."""

import asyncio
import time

import pytest
from sqlalchemy import func, select

from mom.caller import Caller
from mom.models import Equipment, Execution, Site, User
from mom.proposals.decide import decide
from mom.proposals.propose import propose


class Work:
    """What there is to do, and how much of it is done."""

    def __init__(self, store, now, repair):
        self.store, self.now, self.repair, self.dsn = store, now, repair, store.dsn

    async def approved(self):
        async with self.store.write.begin() as session:
            person = await session.scalar(select(User))
            caller = Caller(1, person.id, "max", frozenset({"maintenance"}))
            made = await propose(session, now=self.now, **self.repair)
            await decide(session, made.id, approve=True, sha256=made.sha256, caller=caller, now=self.now)
            return made.id

    async def counted(self, *conditions, of=Execution):
        async with self.store.write() as session:
            return await session.scalar(select(func.count()).select_from(of).where(*conditions))

    async def done(self):
        return await self.counted(Execution.status == "done")

    async def more_is_done_than(self, before):
        await self.until(lambda: self._more(before))

    async def _more(self, before):
        return await self.done() > before

    async def until(self, check, seconds=30.0):
        end = time.monotonic() + seconds
        while not await check():
            assert time.monotonic() < end, "it did not happen in time"
            await asyncio.sleep(0.01)


@pytest.fixture
async def jobs(database, now, a_repair):
    """Somebody may approve; the maintenance system is not there."""
    plant = {
        "approvals": {"maintenance_order": {"roles": ["maintenance"], "expires_after": "24h"}},
        "systems": [{"id": "cmms", "kind": "cmms", "url": "http://127.0.0.1:9/cmms", "allow_private": True}],
    }
    async with database.write.begin() as session:
        session.add(Site(code="plant", name="Plant", plant=plant))
        await session.flush()
        session.add(Equipment(site_id=1, path="plant/capper", code="capper", name="Capper", level="work_unit"))
        session.add(User(name="max", roles=["maintenance"], site_id=1))
    return Work(database, now, a_repair)
