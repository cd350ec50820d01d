"""The model adapter against a real HTTP server that misbehaves in every way it is known to."""

import asyncio
import json
from dataclasses import replace

import pytest

from agents.model import LanguageModel, choose
from agents.planner.planner import Planner
from mom.errors import Unavailable
from mom.settings import Settings

TOOLS = [{"type": "function", "function": {"name": "get_plant", "description": "", "parameters": {"type": "object"}}}]


class Heard:
    def __init__(self) -> None:
        self.text, self.taken_back = "", 0

    async def __call__(self, text: str, replace: bool) -> None:
        self.taken_back += replace
        self.text = text if replace else self.text + text


async def spoken(endpoint, *, patience: float = 5.0):
    heard = Heard()
    model = LanguageModel("scripted", endpoint.url, "key", patience=patience)
    reply = await model([{"role": "user", "content": "hi", "understood": []}], TOOLS, heard)
    return reply, heard


async def test_an_answer_is_streamed_and_only_the_protocols_keys_are_sent(endpoint, wire):
    endpoint.script = [wire.says("Line 1 runs.")]
    reply, heard = await spoken(endpoint)
    assert reply.message == {"role": "assistant", "content": "Line 1 runs."}
    assert heard.text == "Line 1 runs."
    assert reply.tokens > 0
    assert endpoint.requests[0]["messages"] == [{"role": "user", "content": "hi"}]


async def test_parallel_tool_calls_are_put_together_from_their_pieces(endpoint, wire):
    endpoint.script = [wire.calls(("get_plant", "{}"), ("get_kpis", '{"equipment": "line-1"}'))]
    reply, _ = await spoken(endpoint)
    made = [call["function"] for call in reply.message["tool_calls"]]
    assert made == [
        {"name": "get_plant", "arguments": "{}"},
        {"name": "get_kpis", "arguments": '{"equipment": "line-1"}'},
    ]


async def test_429_waits_as_long_as_the_server_asks(endpoint, wire):
    busy = (
        wire.head("429 Too Many Requests", "application/json", Retry_After="0.7") + b'{"error":{"message":"slow down"}}'
    )
    endpoint.script = [[busy], wire.says("Now.")]
    reply, _ = await spoken(endpoint)
    assert reply.message["content"] == "Now."
    assert endpoint.times[1] - endpoint.times[0] >= 0.7


@pytest.mark.parametrize("status", ["500 Internal Server Error", "503 Service Unavailable", "502 Bad Gateway"])
async def test_a_server_that_fails_once_is_asked_again(endpoint, wire, status):
    endpoint.script = [[wire.head(status, "text/html") + b"<h1>oops</h1>"], wire.says("Fine.")]
    reply, _ = await spoken(endpoint)
    assert reply.message["content"] == "Fine."


@pytest.mark.parametrize(
    "broken",
    [
        lambda wire: [wire.head(), wire.chunk(content="Line 1 st"), None],
        lambda wire: [wire.head(), wire.chunk(content="Line 1 st")],
        lambda wire: [wire.head(), wire.chunk(content="Line 1 st"), b"data: {not json\n\n"],
        lambda wire: [wire.head(), wire.chunk(content="Line 1 st"), b'data: {"choices": 7}\n\n'],
    ],
    ids=["cut by the network", "ended too soon", "no JSON", "JSON of another shape"],
)
async def test_a_broken_stream_is_taken_back_and_asked_again(endpoint, wire, broken):
    endpoint.script = [broken(wire), wire.says("Line 1 runs.")]
    reply, heard = await spoken(endpoint)
    assert reply.message["content"] == "Line 1 runs."
    assert heard.text == "Line 1 runs."
    assert heard.taken_back == 1
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize(
    "broken",
    [
        lambda wire: [wire.head() + wire.done],
        lambda wire: [wire.head(), wire.chunk(finish="stop"), wire.done],
        lambda wire: [None],
        lambda wire: [wire.head("200 OK", "application/json"), b"[1, 2"],
    ],
    ids=["nothing in it", "empty text", "hung up", "half a JSON body"],
)
async def test_no_answer_is_asked_again(endpoint, wire, broken):
    endpoint.script = [broken(wire), wire.says("Here.")]
    reply, _ = await spoken(endpoint)
    assert reply.message["content"] == "Here."


async def test_silence_ends_with_a_clear_word(endpoint, wire, monkeypatch):
    monkeypatch.setattr("agents.model.TRIES", 2)
    endpoint.script = [[wire.head(), 3.0]]
    with pytest.raises(Unavailable, match="nothing came for 0 s"):
        await spoken(endpoint, patience=0.3)
    assert len(endpoint.requests) == 2


async def test_a_refused_key_is_not_tried_again(endpoint, wire):
    body = json.dumps({"error": {"message": "bad key"}}).encode()
    endpoint.script = [[wire.head("401 Unauthorized", "application/json") + body]]
    with pytest.raises(Unavailable, match="OPENAI_API_KEY"):
        await spoken(endpoint)
    assert len(endpoint.requests) == 1


async def test_the_same_graph_runs_on_an_endpoint_that_misbehaves_all_the_way(endpoint, wire, asking):
    """Parallel calls, one of them with wrong arguments; a cut stream; 429; then the answer, its made-up number marked."""
    busy = wire.head("429 Too Many Requests", "application/json", Retry_After="0.1") + b'{"error":{"message":"busy"}}'
    endpoint.script = [
        wire.calls(("get_plant", "{}"), ("get_kpis", '{"equipment": "line-9"}')),
        [wire.head(), wire.chunk(content="Line 1 has"), None],
        [busy],
        wire.says("There is Line 1 with Filler 1; it made 4,711 bottles."),
    ]
    events = []

    async def hear(event):
        events.append(event)

    settings = Settings(OPENAI_BASE_URL=endpoint.url, OPENAI_API_KEY="key", LINESIDE_MODEL="scripted")
    answer = await front("What is there?", replace(asking, settings=settings, on_event=hear))
    assert answer.text == "There is Line 1 with Filler 1; it made 4,711 bottles."
    assert (answer.model, answer.status, answer.note) == ("scripted", "done", "")
    assert [answer.text[start:end] for start, end in answer.checked.unsupported] == ["4,711"]
    results = [m for m in endpoint.requests[1]["messages"] if m["role"] == "tool"]
    assert "Filler 1" in results[0]["content"]
    assert "There is no equipment 'line-9'" in results[1]["content"]
    shown = ""
    for event in events:
        if event.type == "text":
            shown = event.text if event.replace else shown + event.text
    assert shown == answer.text


async def test_a_kill_switch_thrown_while_a_model_fails_ends_the_tries(endpoint, wire, asking):
    endpoint.script = [[wire.head("500 Internal Server Error", "text/html") + b"oops"]]
    thrown = iter([False, False])

    async def off():
        return next(thrown, True)

    settings = Settings(OPENAI_BASE_URL=endpoint.url, OPENAI_API_KEY="key", LINESIDE_MODEL="scripted")
    answer = await front("What is there?", replace(asking, settings=settings, off=off))
    assert answer.status == "stopped"
    assert "switched off" in answer.text
    assert len(endpoint.requests) == 2


async def front(question, asking):
    from agents.front import answer

    return await answer(question, asking)


async def test_an_endpoint_that_is_dead_leaves_the_planner_to_answer(endpoint, wire, asking, monkeypatch):
    monkeypatch.setattr("agents.model.TRIES", 2)
    endpoint.script = [[wire.head("500 Internal Server Error", "text/plain") + b"no"]]
    settings = Settings(OPENAI_BASE_URL=endpoint.url, LINESIDE_MODEL="scripted")
    answer = await front("What can you do?", replace(asking, settings=settings))
    assert answer.text.startswith("You can ask me")
    assert "it answered 500" in answer.note


async def test_a_model_is_chosen_by_three_variables():
    assert isinstance(choose(Settings(LINESIDE_MODEL=None)), Planner)
    model = choose(Settings(OPENAI_BASE_URL="http://127.0.0.1:1/v1", LINESIDE_MODEL="m"))
    assert isinstance(model, LanguageModel)
    assert model.name == "m"
    await asyncio.sleep(0)
