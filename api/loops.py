"""What the worker does by itself, a function a loop. Heavy libraries are loaded in a thread, when first needed."""

import asyncio
import importlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from types import ModuleType
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.worker import Loop, worker_name
from mom import switches
from mom.database.access import Store
from mom.effects.check import check_due
from mom.events import CHANNEL as EVENTS
from mom.letters import CHANNEL as LETTERS
from mom.models import Event, Loss
from mom.proposals.carry_out import carry_out
from mom.proposals.claim import claim
from mom.proposals.expire import expire
from mom.records.arrive import CHANNEL as RECEIPTS
from mom.scheduling.follow import follow_erp
from mom.settings import Settings

READINGS = "lineside_readings"
TRIAGE_LOCK = 0x5452
FRESH = timedelta(hours=2)
"""A loss of which nothing new was told for longer is not triaged by itself any more: somebody has seen it."""
WAKING = ("loss.opened", "loss.updated")
"""What is loaded as past tells neither; a loss of the past that goes on does."""
TRIES = 3


def loops(settings: Settings) -> Sequence[Loop]:
    """Every loop of a plant's worker."""
    return (
        Loop("history", _history, every=1, channels=(READINGS,)),
        Loop("hours kept", _hours_kept, every=5),
        Loop("prices", _prices, every=5),
        Loop("actions", _actions, every=2, channels=(EVENTS,)),
        Loop("triage", Triage(settings).step, every=5, channels=(EVENTS,)),
        Loop("courier", partial(_courier, settings), every=2, channels=(LETTERS,)),
        Loop("receipts", _receipts, every=2, channels=(RECEIPTS,)),
        Loop("clock", partial(_clock, settings), every=10),
        Loop("schedule", _schedule, every=5, channels=(RECEIPTS,)),
        Loop("expiry", _expiry, every=15),
        Loop("effects", _effects, every=60),
        Loop("runs cut off", _cut_off, every=60),
        Loop("knowledge", partial(_knowledge, settings), every=15),
        Loop("quality", Quality("mom.quality.watch", "Watch").step, every=20, channels=(RECEIPTS,)),
        Loop("quality models", Quality("mom.quality.training", "Training").step, every=120),
    )


async def _loaded(name: str) -> ModuleType:
    """A module that takes a second to import must not hold up the other loops."""
    return await asyncio.to_thread(importlib.import_module, name)


async def _history(store: Store, now: datetime) -> bool:
    history = await _loaded("mom.history.keep_up")
    return bool(await history.keep_up(store, now))


async def _hours_kept(store: Store, now: datetime) -> bool:
    rollups = await _loaded("mom.rollups.keep")
    return bool(await rollups.keep_hours(store, now))


async def _prices(store: Store, now: datetime) -> bool:
    money = await _loaded("mom.money.keep")
    return bool(await money.price_next(store, now))


async def _actions(store: Store, now: datetime) -> bool:
    """One approved proposal; two transactions, so that an attempt which kills us counts."""
    async with store.write.begin() as session:
        claimed = await claim(session, worker_name(), now)
    if claimed is None:
        return False
    async with store.write.begin() as session:
        await carry_out(session, claimed, now)
    return True


async def _schedule(store: Store, now: datetime) -> bool:
    async with store.write.begin() as session:
        await follow_erp(session, now)
    return False


async def _expiry(store: Store, now: datetime) -> bool:
    async with store.write.begin() as session:
        return await expire(session, now) > 0


async def _effects(store: Store, now: datetime) -> bool:
    async with store.write.begin() as session:
        return len(await check_due(session, now)) > 0


async def _cut_off(store: Store, now: datetime) -> bool:
    leftovers = await _loaded("agents.leftovers")
    return bool(await leftovers.end_leftovers(store, now))


async def _courier(settings: Settings, store: Store, now: datetime) -> bool:
    courier = await _loaded("api.courier")
    return bool(await courier.deliver_due(store, now, settings))


async def _clock(settings: Settings, store: Store, now: datetime) -> bool:
    reports = await _loaded("api.clock")
    return bool(await reports.tick(store, now, settings))


async def _receipts(store: Store, now: datetime) -> bool:
    records = await _loaded("mom.records.receipts")
    return bool(await records.handle_receipts(store, now))


async def _knowledge(settings: Settings, store: Store, now: datetime) -> bool:
    knowledge = await _loaded("mom.knowledge.index")
    return bool(await knowledge.index_new(store, settings))


class Quality:
    """A step that remembers what it has seen, made when its module is first needed."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name
        self._made: Any = None

    async def step(self, store: Store, now: datetime) -> bool:
        if self._made is None:
            self._made = getattr(await _loaded(self._module), self._name)()
        return bool(await self._made.step(store, now))


class Triage:
    """A newly opened loss is looked into by the agents, once, by one worker; a failed attempt is made again later."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._tries: dict[int, int] = {}

    async def step(self, store: Store, now: datetime) -> bool:
        async with store.read() as session:
            if not await switches.is_on(session):
                return False
            waiting = [loss for loss in await untriaged(session, now) if self._tries.get(loss, 0) < TRIES]
        for loss_id in waiting:
            if await self._alone(store, loss_id, now):
                return True
        return False

    async def _alone(self, store: Store, loss_id: int, now: datetime) -> bool:
        """Under a lock of the loss, which ends with the connection: a dead worker holds nothing."""
        async with store.write.begin() as session:
            if not await session.scalar(select(func.pg_try_advisory_xact_lock(TRIAGE_LOCK, loss_id % 2**31))):
                return False
            self._tries[loss_id] = self._tries.get(loss_id, 0) + 1
            agents = await _loaded("agents.triage")
            await agents.triage(store, loss_id, self.settings, now)
            self._tries[loss_id] = TRIES  # it has had its turn, whatever was found
        return True


async def untriaged(session: AsyncSession, now: datetime) -> list[int]:
    """Losses that opened, or went on, a short while ago and that nobody has explained, the dearest first."""
    query = (
        select(Loss.id)
        .join(Event, Event.subject == func.concat(literal("loss:"), Loss.id))
        .where(Event.kind.in_(WAKING), Event.at > now - FRESH, Loss.status == "new", Loss.superseded_at.is_(None))
        .order_by(Loss.money.desc().nulls_last(), Loss.id)
    )
    return list(dict.fromkeys(await session.scalars(query)))
