"""An HTTP server on loopback that speaks as scripted, a model that says what it is told, a small plant to be asked about."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agents.agent import Message, OnText, Reply
from agents.asking import Asking
from mom.caller import Caller
from mom.models import Equipment, Site, User
from mom.settings import Settings


@dataclass
class Endpoint:
    """`script[n]` answers the n-th request (the last one all that follow): bytes, pauses (seconds), None to hang up."""

    url: str
    script: list[list[bytes | float | None]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def head(status: str = "200 OK", kind: str = "text/event-stream", **more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def chunk(**delta: Any) -> bytes:
    """One server-sent event of a streamed chat completion."""
    finish = delta.pop("finish", None)
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    body["choices"] = [{"index": 0, "delta": delta, "finish_reason": finish}]
    return f"data: {json.dumps(body)}\n\n".encode()


DONE = b"data: [DONE]\n\n"


def says(text: str) -> list[bytes | float | None]:
    """A whole answer, in pieces of five letters."""
    pieces = [chunk(content=text[n : n + 5]) for n in range(0, len(text), 5)]
    return [head(), *pieces, chunk(finish="stop"), DONE]


def calls(*wanted: tuple[str, str]) -> list[bytes | float | None]:
    """Tool calls (name, arguments as text), streamed: the name first, the arguments in two pieces, all calls mixed."""
    first, second = [], []
    for index, (name, arguments) in enumerate(wanted):
        half = len(arguments) // 2
        function = {"name": name, "arguments": arguments[:half]}
        first.append(chunk(tool_calls=[{"index": index, "id": f"x{index}", "type": "function", "function": function}]))
        second.append(chunk(tool_calls=[{"index": index, "function": {"arguments": arguments[half:]}}]))
    return [head(), *first, *second, chunk(finish="tool_calls"), DONE]


@pytest.fixture
def wire() -> SimpleNamespace:
    """What a scripted server writes."""
    return SimpleNamespace(head=head, chunk=chunk, says=says, calls=calls, done=DONE)


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    made = Endpoint("")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(x.split(b":")[1]) for x in asked.lower().split(b"\r\n") if x.startswith(b"content-length")
            )
            number = len(made.requests)
            made.requests.append(json.loads(await reader.readexactly(length)))
            made.times.append(asyncio.get_running_loop().time())
            for part in made.script[min(number, len(made.script) - 1)]:
                if isinstance(part, float):
                    await asyncio.sleep(part)
                elif part is None:
                    writer.transport.abort()
                    return
                else:
                    writer.write(part)
                    await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    yield made
    server.close()


class ScriptedModel:
    """Answers with each line of its script in turn: a text, or tool calls (name, arguments)."""

    name = "scripted"

    def __init__(self, *script: str | list[tuple[str, Any]], tokens: int = 10) -> None:
        self.script, self.seen, self.tokens = list(script), [], tokens

    async def __call__(self, messages: list[Message], tools: list[dict[str, Any]], on_text: OnText) -> Reply:
        self.seen.append([dict(message) for message in messages])
        line = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(line, str):
            await on_text(line, False)
            return Reply({"role": "assistant", "content": line}, self.tokens)
        made = [
            {
                "id": f"same-{n}",
                "type": "function",
                "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
            }
            for n, (name, given) in enumerate(line)
        ]
        return Reply({"role": "assistant", "content": None, "tool_calls": made}, self.tokens)


@pytest.fixture
def scripted() -> type[ScriptedModel]:
    return ScriptedModel


PLANT = {
    "site": {"id": "works", "name": "The works"},
    "time_zone": "Europe/Vienna",
    "calendar": {
        "shifts": [
            {"name": "early", "start": "06:00", "end": "14:00"},
            {"name": "late", "start": "14:00", "end": "22:00"},
            {"name": "night", "start": "22:00", "end": "06:00"},
        ]
    },
    "equipment": [
        {"id": "line-1", "name": "Line 1", "units": [{"id": "filler", "name": "Filler 1", "level": "work_unit"}]}
    ],
    "approvals": {"maintenance_order": {"roles": ["supervisor"], "four_eyes_above": 2000}},
    "costs": {"technician_hour": 58},
}


@pytest.fixture
async def asking(database, now: datetime) -> Asking:
    """A plant of one line without any history, and a supervisor who asks."""
    async with database.write.begin() as session:
        site = Site(code="works", name="The works", time_zone="Europe/Vienna", plant=PLANT)
        session.add(site)
        await session.flush()
        line = Equipment(site_id=site.id, path="works/line-1", code="line-1", name="Line 1", level="work_center")
        session.add(line)
        await session.flush()
        unit = {"site_id": site.id, "parent_id": line.id, "path": "works/line-1/filler", "code": "filler"}
        session.add(Equipment(**unit, name="Filler 1", level="work_unit", is_constraint=True, parts=["fill valves"]))
        user = User(site_id=site.id, name="eva", roles=["supervisor"])
        session.add(user)
        await session.flush()
        caller = Caller(site.id, user.id, "Eva", frozenset({"supervisor"}))
    return Asking(database, caller, now, ZoneInfo("Europe/Vienna"), Settings())
