"""The controllers' servers answer real clients, and nobody can change anything through them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from asyncua import Client, ua
from pymodbus.client import AsyncModbusTcpClient

from simulator.plant.plant import Plant
from simulator.servers.field import Field

AT = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def field(plant_file_for) -> AsyncIterator[Field]:
    plant = Plant(7, 0.5, plant=plant_file_for())
    field = Field(plant.layout, plant.readings.wires)
    await field.start(plant.readings.now(), AT)
    yield field
    await field.stop()


def modbus(field: Field, number: int) -> AsyncModbusTcpClient:
    options = field.plcs[number].spec.options
    return AsyncModbusTcpClient(options["host"], port=options["port"])


async def test_registers_hold_what_the_plant_file_says(field):
    values = {"L1.filler.good": 70_000.0, "L1.capper.torque": 1.795, "L1.filler.state": 6.0, "L1.product": "SPA-050"}
    await field.show(values, {}, AT)
    async with modbus(field, 0) as client:
        assert (await client.read_holding_registers(204, count=2)).registers == [1, 70_000 - 65_536]
        assert (await client.read_holding_registers(320, count=1)).registers == [1795]
        assert (await client.read_holding_registers(200, count=1)).registers == [6]
        assert (await client.read_holding_registers(2, count=1)).registers == [12]


async def test_word_order_and_scale_are_the_plcs_own(field):
    await field.show({"PAL.good": 12.0 * 65_537, "AIR.pressure": 6.812}, {}, AT)
    async with modbus(field, 1) as client:
        assert (await client.read_holding_registers(104, count=2)).registers == [1, 1]
        await field.show({"PAL.good": 12.0 * 65_538}, {}, AT)
        assert (await client.read_holding_registers(104, count=2)).registers == [2, 1]
        assert (await client.read_holding_registers(200, count=1)).registers == [6812]


async def test_a_counter_rolls_over_at_32_bits(field):
    await field.show({"L1.filler.good": 2.0**32 + 5}, {}, AT)
    async with modbus(field, 0) as client:
        assert (await client.read_holding_registers(204, count=2)).registers == [0, 5]


async def test_every_modbus_write_is_refused_and_counted(field):
    await field.show({"L1.filler.state": 6.0}, {}, AT)
    before, reads = field.counts.writes, field.counts.modbus[3]
    async with modbus(field, 0) as client:
        answers = [
            await client.write_register(200, 2),
            await client.write_registers(200, [2, 2]),
            await client.write_coil(0, True),
            await client.write_coils(0, [True] * 3),
            await client.mask_write_register(address=200, and_mask=0, or_mask=1),
            await client.readwrite_registers(read_address=200, read_count=1, write_address=200, values=[2]),
        ]
        assert [answer.isError() for answer in answers] == [True] * 6
        assert (await client.read_holding_registers(200, count=1)).registers == [6]
    assert field.counts.writes == before + 6
    assert field.counts.modbus[3] == reads + 1


class Heard:
    def __init__(self, expected: int) -> None:
        self.changes: list[tuple[str, object, datetime]] = []
        self.expected, self.all = expected, asyncio.Event()

    def datachange_notification(self, node, value, data) -> None:
        self.changes.append((node.nodeid.Identifier, value, data.monitored_item.Value.SourceTimestamp))
        if len(self.changes) >= self.expected:
            self.all.set()


async def test_nodes_are_subscribed_with_the_machines_own_time(field):
    heard, before = Heard(4), field.counts.writes
    async with Client(field.controllers[0].spec.options["url"]) as client:
        subscription = await client.create_subscription(50, heard)
        state = client.get_node("ns=2;s=Line2.Capper.Status.StateCurrent")
        await subscription.subscribe_data_change([state, client.get_node("ns=2;s=Line2.Admin.Product")], queuesize=20)
        await field.show({"L2.capper.state": 11.0, "L2.product": "OJ-075"}, {"L2.capper.state": AT}, AT)
        await asyncio.wait_for(heard.all.wait(), 5)
    assert (str(state.nodeid.Identifier), 11, AT) in heard.changes
    assert ("Line2.Admin.Product", "OJ-075", AT) in heard.changes
    assert field.counts.writes == before
    assert field.counts.opcua["CreateMonitoredItems"] > 0


async def test_a_machine_says_who_built_it_and_is_shaped_like_packml(field):
    async with Client(field.controllers[0].spec.options["url"]) as client:
        filler = client.get_node("ns=2;s=Line2.Filler")
        names = {(await child.read_browse_name()).Name for child in await filler.get_children()}
        assert names >= {"Status", "Admin", "Process", "Identification"}
        maker = client.get_node("ns=2;s=Line2.Filler.Identification.Manufacturer")
        assert await maker.read_value()


async def test_every_opcua_write_is_refused_and_counted(field):
    await field.show({"L2.filler.state": 6.0}, {}, AT)
    before = field.counts.writes
    async with Client(field.controllers[0].spec.options["url"]) as client:
        node = client.get_node("ns=2;s=Line2.Filler.Status.StateCurrent")
        with pytest.raises(ua.UaStatusCodeError):
            await node.write_value(ua.Variant(2, ua.VariantType.Int32))
        with pytest.raises(ua.UaStatusCodeError):
            await client.nodes.objects.add_object(ua.NodeId.from_string("ns=2;s=X"), ua.QualifiedName("X", 2))
        with pytest.raises(ua.UaStatusCodeError):
            await client.delete_nodes([node])
        assert await node.read_value() == 6
    assert field.counts.writes == before + 3
