"""Modbus polled and decoded into readings, against pymodbus asking for the same registers and doing nothing with them."""

import asyncio
import subprocess
import sys
import time

import uvloop
from pymodbus.client import AsyncModbusTcpClient

from bench.bench import Bench, Row
from connectors.modbus_registers import blocks
from connectors.modbus_wire import connect
from mom.plant.schema import Tag, TagType

REQUESTS, ROUNDS, TAGS = 3_000, 5, 60
SERVER = """
import asyncio, struct
class Plc(asyncio.Protocol):
    n = 0
    def connection_made(self, transport): self.transport = transport
    def data_received(self, data):
        transaction, _, _, unit, function, start, count = struct.unpack(">HHHBBHH", data)
        Plc.n += 1
        values = struct.pack(f">{count}H", *((Plc.n + i) & 0x3FFF for i in range(count)))
        self.transport.write(struct.pack(">HHHBBB", transaction, 0, 3 + 2 * count, unit, function, 2 * count) + values)
async def main():
    server = await asyncio.get_running_loop().create_server(Plc, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
import uvloop; uvloop.run(main())
"""


def modbus() -> list[Row]:
    """Every value changes with every request, so all of them are decoded, scaled and yielded."""
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        ours, bare = uvloop.run(_both(port))
    finally:
        server.terminate()
        server.wait()
    row = Row(
        name=f"Modbus request, {TAGS} values polled and decoded",
        value=ours,
        unit="us",
        baseline="bare pymodbus, uvloop",
        baseline_value=bare,
        ratio=ours / bare,
        aim="<= 1.2",
    )
    return [row]


async def _both(port: int) -> tuple[float, float]:
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(await _pymodbus(port))
        ours.append(await _ours(port))
    return min(ours), min(bare)


async def _ours(port: int) -> float:
    from connectors.modbus import Poll

    tags = tuple(
        Tag(id=f"t{n}", address=f"holding:{n}", type=TagType.uint16, equipment="m", scale=0.1) for n in range(TAGS)
    )
    [block] = blocks(tags, "big")
    poll, wire = Poll(block, 1), await connect("127.0.0.1", port, 3)
    began = time.perf_counter()
    for _ in range(REQUESTS):
        assert len(await poll.run(wire, 3)) == TAGS
    seconds = time.perf_counter() - began
    wire.close()
    return seconds / REQUESTS * 1e6


async def _pymodbus(port: int) -> float:
    client = AsyncModbusTcpClient("127.0.0.1", port=port)
    await client.connect()
    began = time.perf_counter()
    for _ in range(REQUESTS):
        await client.read_holding_registers(0, count=TAGS)
    seconds = time.perf_counter() - began
    client.close()
    return seconds / REQUESTS * 1e6


bench = Bench("modbus", lambda: asyncio.to_thread(modbus))
