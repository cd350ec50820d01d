"""Modbus values over a real socket, into rows."""

from contextlib import aclosing

import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from connectors.check import make_connector


@pytest.fixture
async def plc(free_port):
    """A PLC whose holding registers hold 0, 1, 2 … times 257, so that every byte says where it is."""
    device = SimDevice(1, SimData(0, values=[n * 257 for n in range(200)], datatype=DataType.REGISTERS))
    server = ModbusTcpServer(device, address=("127.0.0.1", free_port))
    await server.serve_forever(background=True)
    yield free_port
    await server.shutdown()


def modbus(plant, port, *tags, **options):
    block = {"protocol": "modbus", "host": "127.0.0.1", "port": port, "every": "50ms", "tags": tags} | options
    return make_connector(plant(block).connectors[0])


async def first(connector):
    async with aclosing(connector.readings()) as batches:
        return {reading.tag: reading.value for reading in await anext(batches)}


async def test_types_words_and_scales(plant, plc):
    tags = [
        {"id": "a", "address": "holding:7", "type": "uint16"},
        {"id": "b", "address": "holding:8", "type": "uint32"},
        {"id": "c", "address": "holding:10", "type": "int16", "scale": 0.1},
        {"id": "d", "address": "holding:1.0", "type": "bool"},
        {"id": "e", "address": "holding:65:2", "type": "text"},
    ]
    big = await first(modbus(plant, plc, *tags))
    assert big == {"a": 7 * 257, "b": 0x08080909, "c": 257.0, "d": True, "e": "AABB"}
    little = await first(modbus(plant, plc, *tags, word_order="little"))
    assert little["b"] == 0x09090808
    assert little["e"] == "AABB"


async def test_into_rows(plant, plc, collecting, rows, until):
    tags = [{"id": f"t{n}", "address": f"holding:{n}", "type": "uint16"} for n in range(10)]
    block = {"protocol": "modbus", "host": "127.0.0.1", "port": plc, "every": "50ms", "tags": tags}
    async with collecting(plant(block)) as collector:
        await until(lambda: collector.stored >= 10)
        await until(lambda: rows("SELECT 1 FROM links WHERE state = 'alive' AND readings = 10"))
    found = await rows("SELECT name, number, status FROM readings JOIN tags ON tags.id = tag_id ORDER BY tags.id")
    assert found == [(f"t{n}", n * 257.0, 0) for n in range(10)]
    assert await rows("SELECT state FROM links") == [("stopped",)]
    assert len(await rows("SELECT * FROM touched")) == 1
    assert await rows("SELECT * FROM gaps") == []
