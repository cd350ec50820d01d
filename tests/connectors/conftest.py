"""Real PLCs for the connectors: small plants, Modbus and OPC UA servers, and a collector over a real store."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from asyncua import Server

from connectors.collector import Collector
from connectors.spool import Spool
from mom.database.access import Store
from mom.plant.schema import Plant

EQUIPMENT = [{"id": "line-1", "name": "Line 1", "units": [{"id": "filler", "name": "Filler", "level": "work_unit"}]}]


@pytest.fixture
def plant() -> Callable[..., Plant]:
    """`plant({"protocol": …, "tags": [...]}, …)`: a plant with these connectors, numbered c1, c2 …"""

    def make(*connectors: dict[str, Any]) -> Plant:
        blocks = [
            {"id": f"c{n}"} | block | {"tags": [{"equipment": "line-1/filler"} | tag for tag in block["tags"]]}
            for n, block in enumerate(connectors, 1)
        ]
        site = {"id": "test", "name": "Test"}
        shifts = {"shifts": [{"name": "day", "start": "06:00", "end": "14:00"}]}
        return Plant.model_validate({"site": site, "calendar": shifts, "equipment": EQUIPMENT, "connectors": blocks})

    return make


@asynccontextmanager
async def _same(store: Store) -> AsyncIterator[Store]:
    yield store


@pytest.fixture
def collecting(database: Store, tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Collector]]:
    """`async with collecting(plant) as collector`: it runs meanwhile, and is stopped cleanly after."""

    @asynccontextmanager
    async def run(plant: Plant, **options: Any) -> AsyncIterator[Collector]:
        spool = Spool(tmp_path / "spool" / "test.db", reserve=0)
        collector, stop = Collector(plant, spool, lambda: _same(database), **options), asyncio.Event()
        running = asyncio.create_task(collector.run(stop))
        try:
            yield collector
        finally:
            stop.set()
            await running

    return run


@pytest.fixture
def rows(database: Store) -> Callable[..., Any]:
    """`await rows("SELECT …", value, …)`."""

    async def fetch(query: str, *values: Any) -> list[tuple[Any, ...]]:
        async with await database.connect() as connection:
            return await (await connection.execute(query, values)).fetchall()

    return fetch


@pytest.fixture
def until() -> Callable[..., Any]:
    """`await until(condition, seconds)`: waits for a condition (a function, async or not) to hold."""

    async def wait(condition: Callable[[], Any], seconds: float = 15.0) -> Any:
        async with asyncio.timeout(seconds):
            while True:
                found = condition()
                if asyncio.iscoroutine(found):
                    found = await found
                if found:
                    return found
                await asyncio.sleep(0.05)

    return wait


@pytest.fixture
def opcua_server(free_port: int) -> Callable[..., AbstractAsyncContextManager[Any]]:
    """`async with opcua_server(speed=41.5) as (url, nodes)`: a server with these variables as ns=2;s=NAME."""

    @asynccontextmanager
    async def serve(**variables: Any) -> AsyncIterator[Any]:
        server = Server()
        await server.init()
        url = f"opc.tcp://127.0.0.1:{free_port}"
        server.set_endpoint(url)
        await server.register_namespace("urn:test")
        nodes = {n: await server.nodes.objects.add_variable(f"ns=2;s={n}", n, v) for n, v in variables.items()}
        async with server:
            yield url, nodes

    return serve


class Cable:
    """A TCP connection that can be cut, or go dead without a word; both ends are real."""

    def __init__(self, port: int, to: int) -> None:
        self.port, self._to = port, to
        self._dead = asyncio.Event()
        self._pairs: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None

    async def plug_in(self) -> None:
        self._dead = asyncio.Event()
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self.port)

    def go_dead(self) -> None:
        """Nothing passes any more, and nobody is told."""
        self._dead.set()

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._pairs:
            writer.transport.abort()
        self._pairs.clear()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._pairs.append(writer)
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
            self._pairs.append(back)
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dead = self._dead
        with suppress(OSError):
            while data := await reader.read(65536):
                if dead.is_set():
                    await asyncio.sleep(3600)
                writer.write(data)
        writer.close()


@pytest.fixture
async def cable() -> AsyncIterator[Callable[[int], Any]]:
    """`await cable(port)`: a Cable to that port, plugged in."""
    made: list[Cable] = []

    async def lay(to: int) -> Cable:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            made.append(Cable(probe.getsockname()[1], to))
        await made[-1].plug_in()
        return made[-1]

    yield lay
    for one in made:
        await one.cut()
