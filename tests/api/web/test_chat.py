"""A question over the wire: what is streamed, what is kept, who may read it, and what a listener who leaves changes."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from mom.models import AgentRun

QUESTION = "How is line 1 now?"
INJECTED = '<script>alert(1)</script><img src=x onerror="alert(2)"> how is the "><svg/onload=alert(3)> now?'


async def heard(answer: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """The events of a stream: kind and data. Beats are skipped."""
    kind = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


async def ask(client: httpx.AsyncClient, text: str, path: str = "/api/v1/chat", **more: Any) -> list[tuple[str, dict]]:
    async with client.stream("POST", path, json={"text": text, **more}) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        return [happened async for happened in heard(answer)]


async def test_an_answer_streams_and_is_kept_as_it_was_told(web):
    client = await web.client("operator")
    events = await ask(client, QUESTION)
    kinds = [kind for kind, _ in events]
    assert kinds[0] == "run"
    assert kinds[-1] == "done"
    assert {"step", "text"} <= set(kinds)
    told = events[-1][1]["answer"]
    conversation = events[0][1]["conversation_id"]
    kept = (await client.get(f"/api/v1/conversations/{conversation}")).json()
    assert kept == [{"question": QUESTION, "answer": told}]
    await ask(client, "and the day before?", conversation_id=conversation)
    kept = (await client.get(f"/api/v1/conversations/{conversation}")).json()
    assert [turn["question"] for turn in kept] == [QUESTION, "and the day before?"]


async def test_what_nobody_sees_is_taken_out_of_a_question(web):
    client = await web.client("operator")
    events = await ask(client, "How is\x00 line\u202e 1 now?")
    kept = (await client.get(f"/api/v1/conversations/{events[0][1]['conversation_id']}")).json()
    assert kept[0]["question"] == QUESTION
    assert (await client.post("/api/v1/chat", json={"text": " \x00 "})).status_code == 422


async def test_nothing_is_kept_of_an_answer_before_it_is_whole(web):
    """Looked at from outside at every event: there is an answer in the store only once it was told whole."""
    client, reader = await web.client("operator"), await web.client("operator")
    seen = 0
    async with client.stream("POST", "/api/v1/chat", json={"text": QUESTION}) as answer:
        async for kind, data in heard(answer):
            if kind == "run":
                conversation, run_id = data["conversation_id"], UUID(data["run_id"])
            if kind == "done":
                break
            seen += 1
            async with web.store.read() as session:
                query = select(AgentRun.status, AgentRun.answer).where(AgentRun.id == run_id)
                found = (await session.execute(query)).first()
            assert found is None or (found[0] == "running") == (found[1] is None)
            turns = (await reader.get(f"/api/v1/conversations/{conversation}")).json()
            assert all(turn["answer"]["status"] in ("done", "stopped") for turn in turns)
    assert seen > 2


async def test_a_listener_who_leaves_finds_the_answer_later(web):
    client = await web.client("operator")
    async with client.stream("POST", "/api/v1/chat", json={"text": QUESTION}) as answer:
        async for _, data in heard(answer):
            conversation = data["conversation_id"]
            break
    turns: list[dict[str, Any]] = []
    for _ in range(200):
        turns = (await client.get(f"/api/v1/conversations/{conversation}")).json()
        if turns:
            break
        await asyncio.sleep(0.1)
    assert [turn["answer"]["status"] for turn in turns] == ["done"]


async def test_a_conversation_is_its_owners_alone(web):
    mine, other = await web.client("operator"), await web.client("manager")
    conversation = (await ask(mine, QUESTION))[0][1]["conversation_id"]
    for path in (f"/api/v1/conversations/{conversation}", f"/parts/conversations/{conversation}"):
        assert (await mine.get(path)).status_code == 200
        assert (await other.get(path)).status_code == 404
    joined = await other.post("/api/v1/chat", json={"text": QUESTION, "conversation_id": conversation})
    assert joined.status_code == 404
    assert len((await mine.get(f"/api/v1/conversations/{conversation}")).json()) == 1


async def test_our_pages_form_carries_html_in_which_a_question_stays_text(web):
    client = await web.client("operator")
    events = await ask(client, INJECTED, "/api/v1/chat?form=html")
    pieces = [data["html"] for kind, data in events if kind in ("block", "done")]
    assert pieces
    conversation = events[0][1]["conversation_id"]
    pieces.append((await client.get(f"/parts/conversations/{conversation}")).text)
    for piece in pieces:
        assert "<script" not in piece
        assert "<img" not in piece
        assert "<svg/" not in piece
    assert "&lt;script&gt;" in pieces[-1]


@pytest.mark.parametrize(
    ("body", "field"),
    [({"text": ""}, "text"), ({"text": "x" * 4001}, "text"), ({}, "text"), ({"text": "a", "user": 1}, "user"),
     ({"text": "a", "conversation_id": "mine"}, "conversation_id")],
)  # fmt: skip
async def test_a_malformed_question_is_refused_by_its_field(web, body, field):
    refused = await (await web.client("operator")).post("/api/v1/chat", json=body)
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert "Traceback" not in refused.text
