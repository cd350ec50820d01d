"""A recorded machine, collected like any other: shown by a real server, taken by the collector, its history derived."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sized
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, LiteralString, Protocol

from connectors.collector import Collector, spool_path
from connectors.gaps import Gap, store_gaps
from connectors.opcua_browse import browse
from connectors.spool import Spool
from mom.clock import now
from mom.database.access import Store
from mom.errors import Unavailable
from mom.history.keep_up import keep_up
from mom.plant.schema import Connector, Plant, Tag
from mom.plant.tree import equipment_of
from mom.settings import Settings

APART = timedelta(minutes=1)
CONTACT_S, LOOK_S = 30.0, 0.1
EARLIEST: LiteralString = """
    SELECT min(at) FROM readings
    WHERE tag_id IN (SELECT t.id FROM tags t JOIN sites s ON s.id = site_id WHERE s.code = %s)
"""
STORED: LiteralString = """
    SELECT count(*), count(*) - count(DISTINCT (tag_id, at)) FROM readings
    WHERE at BETWEEN %(start)s AND %(end)s AND tag_id IN (SELECT id FROM tags WHERE site_id = %(site)s)
"""
GAPS: LiteralString = "SELECT count(*) FROM gaps WHERE site_id = %(site)s AND started_at BETWEEN %(start)s AND %(end)s"
ALARMS: LiteralString = """
    SELECT text, stops, started_at, extract(epoch FROM ended_at - started_at)::float FROM alarms
    WHERE site_id = %(site)s AND superseded_at IS NULL AND started_at BETWEEN %(start)s AND %(end)s ORDER BY started_at
"""
STOPS: LiteralString = """
    SELECT reason, started_at, extract(epoch FROM least(ended_at, %(end)s) - started_at)::float FROM stops
    WHERE site_id = %(site)s AND superseded_at IS NULL AND started_at BETWEEN %(start)s AND %(end)s ORDER BY started_at
"""
LOSSES: LiteralString = """
    SELECT title, started_at, seconds, money::float FROM losses
    WHERE site_id = %(site)s AND superseded_at IS NULL AND started_at BETWEEN %(start)s AND %(end)s ORDER BY started_at
"""


class Recorded(Protocol):
    """What a recording tells of itself."""

    @property
    def name(self) -> str: ...
    @property
    def seconds(self) -> float: ...
    @property
    def changes(self) -> Sized: ...


Serve = Callable[[datetime, Callable[[str], None]], Coroutine[Any, Any, object]]
"""Serves the recording from `start` on, tells its address when it listens, returns when all was shown and fetched."""


@dataclass
class Outcome:
    """What was shown and what came of it. `twice`: changes of which the store has more than one row."""

    recording: str
    site: str
    start: datetime
    end: datetime
    offered: int = 0
    stored: int = 0
    twice: int = 0
    waiting: int = 0  # refused values, in the waiting list
    gaps: int = 0
    unnamed: list[str] = field(default_factory=list)  # nodes that the plant file does not name, kept as signals
    alarms: list[dict[str, Any]] = field(default_factory=list)
    stops: list[dict[str, Any]] = field(default_factory=list)
    losses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return self.offered == self.stored and self.twice == 0


async def replay(settings: Settings, store: Store, plant: Plant, recording: Recorded, serve: Serve) -> Outcome:
    """`plant` has one connector, of the protocol opcua. Raises Unavailable when the recording could not be collected.

    The recording is put just before all that its site has already, or before now: two never mix, none lies ahead.
    """
    async with await store.connect() as connection:
        found = await (await connection.execute(EARLIEST, [plant.site.id])).fetchone()
    before: datetime | None = found[0] if found else None
    end = (before or now()) - APART
    outcome = Outcome(recording.name, plant.site.id, end - timedelta(seconds=recording.seconds), end)
    outcome.offered = len(recording.changes)
    site_id = await _collect(settings, store, plant, serve, outcome)
    await _say_end(store, plant, site_id, end, before)
    while await keep_up(store, now()):
        pass
    await _count(store, site_id, outcome)
    return outcome


async def _collect(settings: Settings, store: Store, plant: Plant, serve: Serve, outcome: Outcome) -> int:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(outcome.start, address.set_result))
    try:
        async with asyncio.timeout(CONTACT_S):
            url = await _address(serving, address)
        plant = _named_and_found(plant, url, await browse(url), outcome)
        return await _take(settings, store, plant, serving, outcome)
    except TimeoutError as error:
        raise Unavailable(f"The recording could not be collected: {error or 'no answer in time'}.") from error
    finally:
        serving.cancel()
        await asyncio.wait({serving})


async def _address(serving: "asyncio.Task[object]", address: "asyncio.Future[str]") -> str:
    """Where the server listens, or why it does not."""
    serving.add_done_callback(lambda _: address.cancel())
    try:
        return await address
    except asyncio.CancelledError:
        if not serving.done() or serving.cancelled():
            raise
        serving.result()
        raise Unavailable("The recording's server ended before it listened.") from None


async def _take(
    settings: Settings, store: Store, plant: Plant, serving: "asyncio.Task[object]", outcome: Outcome
) -> int:
    @asynccontextmanager
    async def opening() -> AsyncIterator[Store]:
        yield store

    collector, stop = Collector(plant, Spool(spool_path(settings.home, plant)), opening), asyncio.Event()
    collecting = asyncio.create_task(collector.run(stop))
    try:
        while collector.stored + collector.waiting < outcome.offered:
            await asyncio.wait({serving, collecting}, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
            if serving.done() or collecting.done():
                break
        if serving.done():
            serving.result()  # nobody subscribed, perhaps
    finally:
        stop.set()
        await collecting
    outcome.waiting = collector.waiting
    assert collector.site_id is not None
    return collector.site_id


def _named_and_found(plant: Plant, url: str, found: dict[str, Any], outcome: Outcome) -> Plant:
    """The plant file's tags that this recording has, and a signal for each node that the file does not name."""
    block = plant.connectors[0]
    named = {tag.address for tag in block.tags}
    machine = next(iter(equipment_of(plant)))
    others = tuple(
        Tag(id=f"{name or address}".replace(" ", "_"), address=address, type=kind, equipment=machine)
        for address, (name, kind) in found.items()
        if address not in named
    )
    outcome.unnamed = sorted(tag.id for tag in others)
    tags = tuple(tag for tag in block.tags if tag.address in found) + others
    options = block.options | {"url": url}
    connector = Connector.model_validate({"id": block.id, "protocol": block.protocol, "tags": tags} | options)
    return plant.model_copy(update={"connectors": (connector,)})


async def _say_end(store: Store, plant: Plant, site_id: int, end: datetime, until: datetime | None) -> None:
    """What the machine did after the recording, nobody knows."""
    gap = Gap(plant.connectors[0].id, end + timedelta(milliseconds=1), until, "recording ended")
    async with await store.connect() as connection:
        machines = await connection.execute("SELECT id FROM equipment WHERE site_id = %s", [site_id])
        ids = [row[0] for row in await machines.fetchall()]
        await store_gaps(connection, site_id, [gap.as_json()], {}, lambda _: ids)


async def _count(store: Store, site_id: int, outcome: Outcome) -> None:
    values = {"site": site_id, "start": outcome.start, "end": outcome.end}
    async with await store.connect() as connection:

        async def rows(query: LiteralString) -> list[tuple[Any, ...]]:
            return await (await connection.execute(query, values)).fetchall()

        [(outcome.stored, outcome.twice)] = await rows(STORED)
        [(outcome.gaps,)] = await rows(GAPS)
        outcome.alarms = [_row(("text", "stops", "started_at", "seconds"), row) for row in await rows(ALARMS)]
        outcome.stops = [_row(("reason", "started_at", "seconds"), row) for row in await rows(STOPS)]
        outcome.losses = [_row(("title", "started_at", "seconds", "money"), row) for row in await rows(LOSSES)]


def _row(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))
