"""The one loop that runs them all: think, act, close, as a LangGraph graph.

LangGraph orders the steps and is never the record: runs and messages are our rows (agents/record.py), so a run that
was killed starts again from its stored messages. Its own saver is not used.
"""

from dataclasses import replace
from functools import cache
from typing import Any, TypedDict
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from agents.agent import Agent, Message, Model
from agents.answer import Answer
from agents.asking import Asking
from agents.calls import Calls
from agents.events import BlockShown, Done, OnEvent, Step, Text, ToolCalled
from agents.record import Record, begin, earlier, reopen
from agents.roster import agents, specialists
from agents.run import Run
from mom.errors import BadInput, Conflict
from mom.models import AgentRun, Conversation, Site
from prompts import load
from tools.plain import defused


async def ask(
    agent: Agent,
    question: str,
    asking: Asking,
    model: Model,
    *,
    run_id: UUID | None = None,
    parent: tuple[UUID, str] | None = None,
) -> Answer:
    """The answer of `agent`; what happens meanwhile goes to `asking.on_event`.

    `run_id`: of a run that is new or was killed (then it is carried on; a finished one gives its answer again).
    `parent`: the run and call on whose behalf it asks. Raises BadInput, Conflict, Unavailable.
    """
    if len(question) > agent.limits.question:
        raise BadInput(
            f"The question has {len(question):,} characters; at most {agent.limits.question:,} are read.",
            remedy="Ask in fewer words.",
        )
    if not question.strip():
        raise BadInput("The question is empty.", remedy="Ask for example: how is line 1 now?")
    record = await _record(agent, question, asking, model, run_id or uuid4(), parent)
    if isinstance(record, Answer):
        return record
    return await _carried_on(agent, asking, model, record)


async def _carried_on(agent: Agent, asking: Asking, model: Model, record: Record) -> Answer:
    from agents.planner.planner import Planner

    async def delegate(name: str, question: str, call_id: str) -> Answer:
        other = agents()[name]
        started = await _started_by(asking, record.run_id, call_id)
        behind = replace(asking, on_event=_steps_only(asking, record.run_id))
        return await ask(other, question, behind, model, run_id=started, parent=(record.run_id, call_id))

    tools = {tool.name: tool for tool in (*agent.tools, *specialists(agent))}
    spare = model if isinstance(model, Planner) else Planner()
    run = Run(agent, model, spare, asking, record, Calls(agent, tools, asking, record.run_id, delegate))
    await _graph().ainvoke({"run": run, "messages": len(record.messages)}, {"recursion_limit": 200})
    if run.answer is None:
        raise Conflict(f"Run {record.run_id} ended without an answer.")
    return run.answer


def _steps_only(asking: Asking, run_id: UUID) -> OnEvent:
    """Of a specialist's run a person sees what is being looked at; its words come through the one who asked."""

    async def on_event(event: Step | ToolCalled | Text | BlockShown | Done) -> None:
        if isinstance(event, Step | ToolCalled):
            await asking.on_event(event.model_copy(update={"run_id": str(run_id)}))

    return on_event


class _State(TypedDict):
    """The graph hands on the run and how far it is; the messages themselves are in the run's record."""

    run: Any
    messages: int


@cache
def _graph() -> Any:
    from langgraph.graph import END, START, StateGraph  # takes a second to import: only when an agent runs

    async def think(state: _State) -> dict[str, int]:
        await state["run"].think()
        return {"messages": len(state["run"].record.messages)}

    async def act(state: _State) -> dict[str, int]:
        await state["run"].act()
        return {"messages": len(state["run"].record.messages)}

    async def close(state: _State) -> dict[str, int]:
        await state["run"].close()
        return {"messages": len(state["run"].record.messages)}

    graph = StateGraph(_State)
    for node in (think, act, close):
        graph.add_node(node.__name__, node)
    graph.add_conditional_edges(START, _next)
    graph.add_conditional_edges("think", _next)
    graph.add_edge("act", "think")
    graph.add_edge("close", END)
    return graph.compile()


def _next(state: _State) -> str:
    """What the last message asks for: also where a killed run goes on."""
    run: Run = state["run"]
    last = run.record.messages[-1]
    if run.stopped:
        return "close"
    if last["role"] == "assistant":
        return "act" if last.get("tool_calls") else "close"
    return "think"


async def _record(
    agent: Agent, question: str, asking: Asking, model: Model, run_id: UUID, parent: tuple[UUID, str] | None
) -> Record | Answer:
    """The record to go on with; the answer itself if the run has ended already."""
    async with asking.store.read() as session:
        there = await session.scalar(select(AgentRun.id).where(AgentRun.id == run_id))
        site = await session.get_one(Site, asking.caller.site_id)
        before = await earlier(session, asking.conversation_id) if asking.conversation_id and not parent else []
    if there is not None:
        run, record = await reopen(asking.store.write, run_id)
        if run.site_id != asking.caller.site_id or run.question != defused(question):
            raise Conflict(f"Run {run_id} is another question's.", remedy="Ask with a new run id.")
        return Answer.model_validate(run.answer) if run.answer else record
    await _conversation(asking, question)
    row = {
        "id": run_id,
        "site_id": asking.caller.site_id,
        "conversation_id": asking.conversation_id,
        "parent_id": parent[0] if parent else None,
        "parent_call": parent[1] if parent else None,
        "agent": agent.name,
        "model": model.name,
        "question": defused(question),
        "started_at": asking.now,
    }
    return await begin(asking.store.write, row, _opening(agent, question, asking, site, before))


def _opening(agent: Agent, question: str, asking: Asking, site: Site, before: list[Message]) -> list[Message]:
    rules = load(
        "house_rules",
        site=site.name,
        now=f"{asking.now.astimezone(asking.zone):%A %d %B %Y %H:%M}",
        zone=str(asking.zone),
        person=asking.caller.name,
        roles=", ".join(sorted(asking.caller.roles)) or "no role",
    )
    system: Message = {"role": "system", "content": f"{rules}\n\n{load(agent.name)}"}
    return [system, *before, {"role": "user", "content": defused(question)}]


async def _conversation(asking: Asking, question: str) -> None:
    """The conversation's row, on its first question."""
    if asking.conversation_id is None:
        return
    row = {
        "id": asking.conversation_id,
        "site_id": asking.caller.site_id,
        "user_id": asking.caller.user_id,
        "title": defused(question)[:80],
        "created_at": asking.now,
    }
    async with asking.store.write.begin() as session:
        await session.execute(insert(Conversation).values(row).on_conflict_do_nothing())


async def _started_by(asking: Asking, run_id: UUID, call_id: str) -> UUID | None:
    """The specialist's run that this call started before we were killed."""
    async with asking.store.read() as session:
        return await session.scalar(
            select(AgentRun.id).where(AgentRun.parent_id == run_id, AgentRun.parent_call == call_id)
        )
