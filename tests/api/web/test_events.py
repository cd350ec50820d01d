"""Events as they happen: only of one's own site, and none missed by a page that comes back."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from mom.accounts.keys import make_key
from mom.accounts.users import add_user, end_sessions
from mom.clock import now
from mom.events import emit
from mom.models import Site, User


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


async def test_an_event_whose_transaction_commits_late_is_heard_too(web):
    client = await web.client("operator")
    async with web.store.write() as slow:
        late = await emit(slow, web.site_id, "loss.opened", "loss:late")
        (soon,) = await write(web, "loss:soon")
        assert soon > late.id
        listening = asyncio.create_task(next_events(client, 2, **{"last-event-id": "0"}))
        await asyncio.sleep(1)
        await slow.commit()
    found = await listening
    assert [data["subject"] for _, data in found] == ["loss:soon", "loss:late"]
    assert [number for number, _ in found] == [soon, soon], "who comes back goes on after the newest"


@pytest.mark.parametrize("act", ["signed out", "disabled"])
async def test_who_is_no_longer_let_in_hears_no_more(web, monkeypatch, act):
    monkeypatch.setattr("api.routes.events.BEAT_S", 0.2)
    client = await web.client("operator")
    async with asyncio.timeout(20), client.stream("GET", "/api/v1/events") as answer:
        parts = answer.aiter_raw()
        assert await anext(parts)
        async with web.store.write.begin() as session:
            if act == "disabled":
                (await session.get(User, web.users["operator"])).disabled_at = now()
            else:
                await end_sessions(session, web.users["operator"], now())
        async for _ in parts:  # it ends, or the time is over
            pass


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
