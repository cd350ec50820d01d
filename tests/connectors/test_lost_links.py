"""A link that is cut, dead without a word, or ended by the server: noticed, on record, and back by itself."""

import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from asyncua import ua
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

START, MILLISECOND = datetime(2026, 8, 24, tzinfo=UTC), timedelta(milliseconds=1)
NOTICED_S = 15 * 5  # five times the promise, for a busy machine; what it took is printed


@asynccontextmanager
async def modbus(port, cable):
    """A PLC behind a cable: its block of the plant file, the cable, and what sets its first register."""
    device = SimDevice(1, SimData(0, values=[1] * 10, datatype=DataType.REGISTERS))
    server = ModbusTcpServer(device, address=("127.0.0.1", port))
    await server.serve_forever(background=True)
    wire = await cable(port)
    tags = [{"id": "v", "address": "holding:0", "type": "uint16"}]
    where = {"host": "127.0.0.1", "port": wire.port, "every": "100ms", "timeout": "500ms"}

    async def change(value):
        await server.async_setValues(1, 16, 0, [int(value)])

    yield {"protocol": "modbus", "tags": tags} | where, wire, change
    await server.shutdown()


@asynccontextmanager
async def opcua(port, cable, opcua_server):
    async with opcua_server(v=1.0) as (_, nodes):
        wire = await cable(port)
        where = {"url": f"opc.tcp://127.0.0.1:{wire.port}", "publish": "50ms", "timeout": "1s"}
        yield {"protocol": "opcua", "tags": [{"id": "v", "address": "ns=2;s=v"}]} | where, wire, nodes["v"].write_value


@pytest.fixture(params=["modbus", "opcua"])
async def machine(request, plant, free_port, cable, opcua_server):
    made = modbus(free_port, cable) if request.param == "modbus" else opcua(free_port, cable, opcua_server)
    async with made as (block, wire, change):
        yield plant(block), wire, change


async def last_value(rows):
    found = await rows("SELECT number FROM readings ORDER BY at DESC LIMIT 1")
    return found[0][0] if found else None


@pytest.mark.parametrize("how", ["cut", "dead"])
async def test_a_lost_link(machine, how, collecting, rows, until):
    plant, wire, change = machine

    async def is_value(value):
        return await last_value(rows) == value

    async with collecting(plant):
        await until(lambda: is_value(1.0))
        began, broken_at = time.monotonic(), datetime.now(UTC)
        if how == "cut":
            await wire.cut()
        else:
            wire.go_dead()
        await until(lambda: rows("SELECT 1 FROM links WHERE state = 'lost'"), NOTICED_S)
        print(f"noticed after {time.monotonic() - began:.1f} s")
        [(started, ended, reason)] = await rows("SELECT started_at, ended_at, reason FROM gaps")
        assert (ended, reason) == (None, "link lost")
        assert abs((started - broken_at).total_seconds()) < 2.5
        await wire.cut()
        await change(2.0)
        began, mended_at = time.monotonic(), datetime.now(UTC)
        await wire.plug_in()
        await until(lambda: is_value(2.0), 30 * 5)
        print(f"back after {time.monotonic() - began:.1f} s")
        await until(lambda: rows("SELECT 1 FROM links WHERE state = 'alive'"))
    [(ended,)] = await rows("SELECT ended_at FROM gaps")
    assert ended > mended_at
    assert await rows("SELECT kind FROM events ORDER BY id") == [("link.lost",), ("link.back",)]


@pytest.fixture(params=[1500])
async def subscribed(request, plant, opcua_server, collecting, rows, until):
    """A running collector on an OPC UA server that we can misuse from inside."""
    async with opcua_server(v=1.0) as (url, nodes):
        where = {"url": url, "publish": "50ms", "timeout": "1s", "queue": request.param}
        async with collecting(plant({"protocol": "opcua", "tags": [{"id": "v", "address": "ns=2;s=v"}]} | where)) as it:
            await until(lambda: it.stored == 1)
            yield it, nodes["v"]


async def test_a_subscription_that_the_server_deleted(subscribed, rows, until):
    _, node = subscribed
    service = node.session.subscription_service
    await service.delete_subscriptions(list(service.subscriptions))
    await until(lambda: rows("SELECT 1 FROM gaps WHERE reason = 'link lost' AND ended_at > started_at"), NOTICED_S)


async def test_bad_and_uncertain_statuses_are_kept(subscribed, rows, until):
    collector, node = subscribed
    for n in range(1000):
        status = (0x80000000, 0x40000000, 0x408F0000)[n % 3]
        await node.write_value(ua.DataValue(ua.Variant(float(n)), StatusCode=ua.StatusCode(status)))
    await until(lambda: collector.stored == 1001)
    found = await rows("SELECT status, count(number), count(*) FROM readings GROUP BY 1 ORDER BY 1")
    untimed = 1 << 32  # no source time was given, which is marked
    bad = [(0x40000000, 333, 333), (0x408F0000, 333, 333), (0x80000000, 0, 334)]
    assert found == [(0, 1, 1), *((status + untimed, values, count) for status, values, count in bad)]
    assert await rows("SELECT * FROM gaps") == []


@pytest.mark.parametrize("subscribed", [10], indirect=True)
async def test_overflow_is_on_record(subscribed, rows, until):
    collector, node = subscribed
    said = ua.DataValue(ua.Variant(5.0), StatusCode=ua.StatusCode(0x480), SourceTimestamp=datetime.now(UTC))
    await node.write_value(said)
    await until(lambda: rows("SELECT 1 FROM gaps"))
    assert await rows("SELECT reason, tag_id IS NOT NULL, ended_at FROM gaps") == [
        ("overflow", True, said.SourceTimestamp)
    ]
    for n in range(200):  # at once: this server drops what does not fit its queue, and does not say so
        await node.write_value(ua.DataValue(ua.Variant(float(n)), SourceTimestamp=START + n * MILLISECOND))
    await until(lambda: rows("SELECT 1 FROM readings WHERE number = 199"))
    [(stored,)] = await rows("SELECT count(*) FROM readings WHERE at < '2026-08-25'")
    [(gaps,)] = await rows("SELECT count(*) FROM gaps WHERE reason = 'overflow'")
    assert (stored, gaps) == (10, 2)
    assert collector.waiting == 0


async def test_a_burst_that_fits_the_queue_is_whole(opcua_server, plant, collecting, rows, until):
    async with opcua_server(v=1.0) as (url, nodes):
        where = {"url": url, "publish": "50ms", "queue": 5000}
        tags = [{"id": "v", "address": "ns=2;s=v"}]
        async with collecting(plant({"protocol": "opcua", "tags": tags} | where)) as collector:
            await until(lambda: collector.stored == 1)
            for n in range(2000):
                await nodes["v"].write_value(
                    ua.DataValue(ua.Variant(float(n)), SourceTimestamp=START + n * MILLISECOND)
                )
            await until(lambda: collector.stored == 2001)
    assert await rows("SELECT * FROM gaps") == []


async def test_times_that_cannot_be_trusted_are_marked(subscribed, rows, until):
    collector, node = subscribed
    ahead = datetime(2031, 1, 1, tzinfo=UTC)
    await node.write_value(ua.DataValue(ua.Variant(5.0), SourceTimestamp=ahead))
    await until(lambda: collector.stored == 2)
    assert await rows("SELECT status FROM readings WHERE at = %s", ahead) == [(1 << 33,)]
