"""OPC UA values over a real socket, into rows."""

import asyncio


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
