"""A Modbus device that answers late, swapped, short, for another unit, with exceptions and garbage: no value gets lost
into another register. Register n holds n * 3 + 1; anything else that is credited is a fault."""

import asyncio
import contextlib
import os
import random
import struct

import pytest

from connectors.check import make_connector
from connectors.connector import LinkLost
from connectors.modbus_wire import DeviceRefused, NotARead, connect

READS = 5_000
SEED = int(os.environ.get("LINESIDE_TEST_SEED", "7"))


def reply(transaction, unit, function, start, count):
    data = b"".join(struct.pack(">H", register * 3 + 1) for register in range(start, start + count))
    return struct.pack(">HHHBBB", transaction, 0, 3 + len(data), unit, function, len(data)) + data


class BadDevice(asyncio.Protocol):
    """Answers rightly but for one request in twenty. `did` counts each kind of fault."""

    def __init__(self, chance, did):
        self.chance, self.did, self.held = chance, did, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        for at in range(0, len(data), 12):
            self.answer(*struct.unpack(">HHHBBHH", data[at : at + 12]))

    def answer(self, transaction, protocol, length, unit, function, start, count):
        right = reply(transaction, unit, function, start, count)
        if self.chance.random() > 0.05:
            self.transport.write(right)
            return
        kinds = [kind for kind in dir(self) if kind.startswith("send_")]
        kind = self.chance.choice(kinds)
        self.did[kind] = self.did.get(kind, 0) + 1
        getattr(self, kind)(right)

    def send_late(self, right):
        asyncio.get_running_loop().call_later(0.08, self.transport.write, right)

    def send_swapped(self, right):
        self.transport.write(self.held or right[:1] + bytes([right[1] ^ 1]) + right[2:])
        self.held = right

    def send_truncated(self, right):
        self.transport.write(right[: len(right) // 2])

    def send_short_count(self, right):
        data = right[9:-2]
        head = right[:4] + struct.pack(">H", 3 + len(data)) + right[6:8]
        self.transport.write(head + bytes([len(data)]) + data)

    def send_wrong_unit(self, right):
        self.transport.write(right[:6] + bytes([right[6] ^ 5]) + right[7:])

    def send_wrong_function(self, right):
        self.transport.write(right[:7] + bytes([right[7] ^ 7]) + right[8:])

    def send_exception(self, right):
        self.transport.write(
            right[:4] + b"\0\3" + right[6:7] + bytes([right[7] | 0x80, self.chance.choice([1, 2, 4, 11])])
        )

    def send_garbage(self, right):
        self.transport.write(self.chance.randbytes(self.chance.randint(1, 40)))

    def send_twice(self, right):
        self.transport.write(right + right)

    def send_transaction_zero(self, right):
        self.transport.write(b"\0\0" + right[2:])

    def send_nothing(self, right):
        self.transport.close()

    def send_in_pieces(self, right):
        """Not a fault, only a slow network: it must be put together."""
        for at in range(len(right)):
            asyncio.get_running_loop().call_later(0.001 * at, self.transport.write, right[at : at + 1])


@pytest.fixture
async def bad_device(free_port):
    print(f"seed {SEED}")
    chance, did = random.Random(SEED), {}
    server = await asyncio.get_running_loop().create_server(lambda: BadDevice(chance, did), "127.0.0.1", free_port)
    yield free_port, did
    server.close()


async def test_no_value_is_credited_to_a_wrong_register(plant, bad_device):
    port, did = bad_device
    tags = [{"id": str(n), "address": f"holding:{n}", "type": "uint16"} for n in [*range(10), *range(20, 40), 90]]
    block = {"protocol": "modbus", "host": "127.0.0.1", "port": port, "every": "10ms", "timeout": "50ms", "tags": tags}
    connector = make_connector(plant(block).connectors[0])
    wrong, credited, lost, rng = [], 0, 0, random.Random(SEED)
    wire = None
    for _ in range(READS):
        start, count = rng.randint(0, 500), rng.randint(1, 60)
        try:
            wire = wire or await connect("127.0.0.1", port, 1)
            data = await wire.read(3, 1, start, count, 0.05)
        except LinkLost:
            wire, lost = None, lost + 1
            continue
        except DeviceRefused:
            continue
        credited += 1
        values = struct.unpack(f">{count}H", data)
        wrong += [(start, values)] * (values != tuple(n * 3 + 1 for n in range(start, start + count)))
    assert not wrong
    assert credited > READS * 0.9
    assert lost > 20
    assert len(did) == 12, did
    for _ in range(20):  # and the connector, which credits names
        with contextlib.suppress(LinkLost):
            async with contextlib.aclosing(connector.readings()) as batches:
                for _ in range(3):
                    for reading in await anext(batches):
                        assert reading.value in (None, int(reading.tag) * 3 + 1)


async def test_nothing_that_writes_is_sent(bad_device):
    port, _ = bad_device
    wire = await connect("127.0.0.1", port, 1)
    for function in (0, 5, 6, 8, 15, 16, 21, 22, 23, 43, 90):
        with pytest.raises(NotARead):
            await wire.read(function, 1, 0, 1, 0.1)
    wire.close()
