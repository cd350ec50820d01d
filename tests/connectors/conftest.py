"""Real PLCs for the connectors: small plants, Modbus and OPC UA servers, and a collector over a real store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
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
    async def run(plant: Plant, **bounds: int) -> AsyncIterator[Collector]:
        spool = Spool(tmp_path / "spool" / "test.db", **({"reserve": 0} | bounds))
        collector, stop = Collector(plant, spool, lambda: _same(database)), asyncio.Event()
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
