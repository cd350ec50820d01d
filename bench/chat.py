"""A chat turn with the built-in planner against the store's own queries; a durable step against LangGraph's bare step."""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypedDict
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import text

from agents.agent import Agent, Message, OnText, Reply
from agents.asking import Asking
from agents.loop import ask
from agents.planner.planner import Planner
from agents.roster import agents
from bench.bench import Bench, Row
from mom.caller import Caller
from mom.clock import now
from mom.database.access import Store, open_store
from mom.models import Site
from mom.plant.apply import apply_plant
from mom.plant.load import load_plant
from mom.settings import Settings

STEPS, TURNS = 20, 15


class _Many:
    """Calls a tool that does nothing, as often as it is told, then answers."""

    name = "bench"

    def __init__(self, steps: int) -> None:
        self.left = steps

    async def __call__(self, messages: list[Message], tools: list[dict[str, Any]], on_text: OnText) -> Reply:
        self.left -= 1
        if self.left < 0:
            return Reply({"role": "assistant", "content": "Done."})
        function = {"name": "get_nothing", "arguments": "{}"}
        return Reply({"role": "assistant", "content": None, "tool_calls": [{"id": "x", "function": function}]})


async def chat() -> list[Row]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    async with _asking() as asking:
        plain = await _bare_steps(STEPS)
        durable = await _durable_steps(asking)
        async with asking.store.write.begin() as session:
            await session.execute(text("DELETE FROM agent_messages"))
        turn, queries = await _turn(asking)
        stored, spoken = await _bytes(asking.store)
    return [
        _row(
            "a durable step", 1e3 * durable, "ms", "LangGraph's bare step", 1e3 * plain, "<= 3.5 (0.8 ms against 0.23)"
        ),
        _row("stored bytes of chat turns", stored, "bytes", "its messages", spoken, "<= 1.2"),
        _row("a chat turn, built-in planner", 1e3 * turn, "ms", "its tools alone", 1e3 * queries, "<= 3"),
    ]


@asynccontextmanager
async def _asking() -> AsyncIterator[Asking]:
    """A store of its own with the demo plant, empty of history; its safety on."""
    folder = Path(tempfile.mkdtemp(prefix="lineside-bench-"))
    os.chmod(folder, 0o711)  # noqa: S103 - as root the database is another user's
    settings = Settings().model_copy(update={"home": folder / "home", "database_url": None})
    try:
        async with open_store(settings) as store:
            async with store.write.begin() as session:
                applied = await apply_plant(session, load_plant(settings.plant))
                site = await session.get_one(Site, applied.site_id)
            caller = Caller(site.id, None, "bench", frozenset({"supervisor"}))
            yield Asking(store, caller, now(), ZoneInfo(site.time_zone), settings)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _durable_steps(asking: Asking) -> float:
    """Seconds for a model's word with a tool call, its result, and both kept; the median of several runs."""
    times = []
    for steps in (2, STEPS, STEPS, STEPS):
        agent = Agent("front_desk", "bench", "", tools=(_nothing(),))
        start = time.perf_counter()
        await ask(agent, "Go", asking, _Many(steps), run_id=uuid4())
        times.append((time.perf_counter() - start) / (2 * steps + 2))
    return statistics.median(times[1:])


def _nothing() -> Any:
    from tools.tool import Context, Result, tool

    @tool(doing="Doing nothing")
    async def get_nothing(context: Context) -> Result:
        """Nothing."""
        return Result({"nothing": True})

    return get_nothing


async def _bare_steps(steps: int) -> float:
    """Seconds for a node of a LangGraph graph that hands on a growing list, without any saver."""
    from langgraph.graph import END, START, StateGraph

    class State(TypedDict):
        messages: list[str]

    async def node(state: State) -> State:
        return {"messages": [*state["messages"], "said"]}

    graph = StateGraph(State)
    graph.add_node("node", node)
    graph.add_edge(START, "node")
    graph.add_conditional_edges("node", lambda s: END if len(s["messages"]) >= steps else "node")
    compiled = graph.compile()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        await compiled.ainvoke({"messages": []}, {"recursion_limit": 10 * steps})
        times.append((time.perf_counter() - start) / steps)
    return statistics.median(times)


async def _bytes(store: Store | Any) -> tuple[float, float]:
    """What the messages of all turns take in the store as rows, and what they are as text."""
    query = "SELECT sum(pg_column_size(m.*)), sum(octet_length(m.message::text)) FROM agent_messages m"
    async with store.read() as session:
        stored, spoken = (await session.execute(text(query))).one()
    return float(stored), float(spoken)


async def _turn(asking: Asking) -> tuple[float, float]:
    """Seconds of "How is line 1 now?" from question to stored answer, and of its two tool calls alone."""
    front, tools = agents()["front_desk"], {tool.name: tool for tool in agents()["front_desk"].tools}
    turns, queries = [], []
    for _ in range(TURNS):
        start = time.perf_counter()
        await ask(front, "How is line 1 now?", asking, Planner())
        turns.append(time.perf_counter() - start)
        start = time.perf_counter()
        await _tools_alone(asking, tools)
        queries.append(time.perf_counter() - start)
    return statistics.median(turns), statistics.median(queries)


async def _tools_alone(asking: Asking, tools: dict[str, Any]) -> None:
    from tools.tool import Context

    for name, arguments in (("get_plant", {}), ("get_line_status", {"equipment": "line-1"})):
        async with asking.store.read() as session:
            who = (asking.caller, "bench", uuid4(), "x", asking.now, asking.zone, asking.settings)
            await tools[name](Context(session, *who), arguments)


def _row(name: str, value: float, unit: str, baseline: str, base: float, aim: str) -> Row:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "baseline": baseline,
        "baseline_value": round(base, 3),
        "ratio": round(value / base, 3),
        "aim": aim,
    }


bench = Bench("chat", chat)
