"""Events as they happen: only of one's own site, and none missed by a page that comes back."""

import asyncio
import json
from typing import Any

import httpx

from mom.accounts.keys import make_key
from mom.accounts.users import add_user
from mom.clock import now
from mom.events import emit
from mom.models import Site


async def next_events(client: httpx.AsyncClient, count: int, **headers: str) -> list[tuple[int, dict[str, Any]]]:
    """The next `count` events: id and data."""
    found: list[tuple[int, dict[str, Any]]] = []
    async with asyncio.timeout(20), client.stream("GET", "/api/v1/events", headers=headers) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                number = int(line.removeprefix("id: "))
            elif line.startswith("data: "):
                found.append((number, json.loads(line.removeprefix("data: "))))
                if len(found) == count:
                    return found
    raise AssertionError(f"the stream ended after {len(found)} of {count} events")


async def write(web, *subjects: str, site_id: int | None = None) -> list[int]:
    async with web.store.write.begin() as session:
        return [(await emit(session, site_id or web.site_id, "loss.opened", subject)).id for subject in subjects]


async def test_a_page_that_comes_back_misses_none(web):
    client = await web.client("operator")
    ids = await write(web, *(f"loss:{n}" for n in range(250)))  # more than are read at once
    found = await next_events(client, 248, **{"last-event-id": str(ids[1])})
    assert [number for number, _ in found] == ids[2:]
    assert found[0][1]["subject"] == "loss:2"


async def test_a_new_page_hears_from_now_on(web):
    client = await web.client("operator")
    await write(web, "loss:1")
    listening = asyncio.create_task(next_events(client, 2))
    ids: list[int] = []
    while not listening.done() and len(ids) < 100:
        await asyncio.sleep(0.1)
        ids += await write(web, "loss:2")
    found = await listening
    assert found[0][0] in ids
    assert found[1][0] == found[0][0] + 1


async def test_events_of_another_site_are_not_heard(web):
    async with web.store.write.begin() as session:
        other = Site(code="elsewhere", name="Elsewhere")
        session.add(other)
        await session.flush()
        _, key = await make_key(
            session, await add_user(session, "far", ["manager"], now=now(), site_id=other.id), "t", now()
        )
    await write(web, "loss:1", "loss:2")
    theirs = await write(web, "loss:3", site_id=other.id)
    client = await web.client(None)
    found = await next_events(client, 1, **{"last-event-id": "0", "authorization": f"Bearer {key}"})
    assert [number for number, _ in found] == theirs
