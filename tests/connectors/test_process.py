"""The collector as a process: it ends cleanly when asked to, or when whoever started it has gone."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

ROOT = Path(__file__).resolve().parents[2]
PLANT = """\
site: {{id: test, name: Test}}
calendar: {{shifts: [{{name: day, start: "06:00", end: "14:00"}}]}}
equipment: [{{id: line-1, name: Line 1}}]
connectors:
  - {{id: plc, protocol: modbus, host: 127.0.0.1, port: {port}, every: 50ms,
     tags: [{{id: a, address: "holding:0", type: uint16, equipment: line-1}}]}}
"""


@pytest.fixture
async def collector(free_port, tmp_path, database_dsn):
    """`await collector(words, fds)`: the process, on a plant of one PLC."""
    device = SimDevice(1, SimData(0, values=[7] * 10, datatype=DataType.REGISTERS))
    server = ModbusTcpServer(device, address=("127.0.0.1", free_port))
    await server.serve_forever(background=True)
    path = tmp_path / "plant.yaml"
    path.write_text(PLANT.format(port=free_port))
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LINESIDE_HOME": str(tmp_path / "home"), "DATABASE_URL": database_dsn}

    async def start(*words, pass_fds=()):
        program = [sys.executable, "-m", "api", "collector", "--plant", str(path), *words]
        return await asyncio.create_subprocess_exec(*program, env=env, pass_fds=pass_fds)

    yield start
    await server.shutdown()


async def test_it_ends_when_asked_to(collector, rows, until):
    process = await collector()
    await until(lambda: rows("SELECT 1 FROM links WHERE state = 'alive'"), 60)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0
    assert await rows("SELECT number FROM readings") == [(7.0,)]
    assert await rows("SELECT state, waiting FROM links") == [("stopped", 0)]


async def test_it_ends_when_its_owner_has_gone(collector, rows, until):
    theirs, ours = os.pipe()
    process = await collector("--watch-fd", str(theirs), pass_fds=[theirs])
    os.close(theirs)
    await until(lambda: rows("SELECT 1 FROM links WHERE state = 'alive'"), 60)
    os.close(ours)
    assert await asyncio.wait_for(process.wait(), 30) == 0


async def test_a_wrong_plant_file_is_refused(collector, tmp_path):
    (tmp_path / "plant.yaml").write_text("site: 1\n")
    process = await collector()
    assert await asyncio.wait_for(process.wait(), 30) == 1
