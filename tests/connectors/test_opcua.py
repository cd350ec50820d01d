"""OPC UA values over a real socket, into rows."""

import asyncio

import pytest
from asyncua import ua

from connectors.opcua_browse import browse
from connectors.opcua_client import LookingClient, NotALook


async def test_values_into_rows(plant, opcua_server, collecting, rows, until):
    async with opcua_server(speed=41.5, order="A-7", on=True) as (url, nodes):
        tags = [
            {"id": "speed", "address": "ns=2;s=speed", "type": "float64"},
            {"id": "order", "address": "ns=2;s=order", "type": "text"},
            {"id": "on", "address": "nsu=urn:test;s=on", "type": "bool"},
            {"id": "gone", "address": "ns=2;s=gone", "type": "bool"},
        ]
        block = {"protocol": "opcua", "url": url, "publish": "50ms", "fastest_change": "100ms", "tags": tags}
        async with collecting(plant(block)) as collector:
            await until(lambda: collector.stored >= 4)
            for value in (42.0, 43.0, 44.0):
                await nodes["speed"].write_value(value)
                await asyncio.sleep(0.005)
            await until(lambda: collector.stored >= 7)
    found = await rows("SELECT name, number, text FROM readings JOIN tags ON tags.id = tag_id ORDER BY name, at")
    speeds = [("speed", value, None) for value in (41.5, 42.0, 43.0, 44.0)]
    assert found == [("gone", None, None), ("on", 1.0, None), ("order", None, "A-7"), *speeds]
    assert await rows("SELECT status FROM readings JOIN tags ON tags.id = tag_id WHERE name = 'gone'") == [
        (0x80340000,)
    ]


async def test_no_service_that_changes_anything_leaves(opcua_server):
    async with opcua_server(speed=41.5) as (url, nodes):
        async with LookingClient(url, 4) as client:
            node = client.get_node("ns=2;s=speed")
            assert await node.read_value() == 41.5
            session, item = client.uaclient.session, ua.AddNodesItem(BrowseName=ua.QualifiedName("x", 2))
            for attempt in (
                node.write_value(1.0),
                session.call([ua.CallMethodRequest(ObjectId=node.nodeid, MethodId=node.nodeid)]),
                session.add_nodes([item]),
                session.delete_nodes(ua.DeleteNodesParameters()),
                session.history_update(ua.HistoryUpdateParameters()),
            ):
                with pytest.raises(NotALook, match="nothing was sent"):
                    await attempt
        assert await nodes["speed"].read_value() == 41.5


async def test_what_a_server_offers_is_found_by_browsing(opcua_server):
    async with opcua_server(speed=41.5, order="A-7", on=True) as (url, _):
        found = await browse(url)
    assert found == {
        "ns=2;s=speed": ("speed", "float64"),
        "ns=2;s=order": ("order", "text"),
        "ns=2;s=on": ("on", "bool"),
    }
