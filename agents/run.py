"""One run of one agent: what its three steps do. The graph that orders them is in agents/loop.py."""

import asyncio
import json
import time
from typing import Any

from agents.agent import Agent, Message, Model, Reply, SwitchedOff
from agents.answer import Answer
from agents.asking import Asking
from agents.calls import Calls
from agents.citing import Citer, cited
from agents.events import BlockShown, Done, Text
from agents.follow_ups import follow_ups
from agents.numbers import check_numbers
from agents.reading import blocks, results, rows, understood
from agents.record import Record
from mom.clock import now
from mom.errors import Unavailable

OFF = (
    "Agents are switched off by a person at this plant. Figures, boards and reports go on; ask again when they are on."
)

SWITCH_SEEN = 0.5
"""Seconds for which the kill switch is believed to be as it was seen; it promises two."""


class Run:
    """Holds what changes while a run goes on: its record, the steps and tokens spent, and why it was stopped."""

    def __init__(self, agent: Agent, model: Model, spare: Model, asking: Asking, record: Record, calls: Calls) -> None:
        self.agent, self.model, self.spare, self.asking = agent, model, spare, asking
        self.record, self.calls = record, calls
        self.schemas = [tool.schema for tool in calls.tools.values()]
        self.steps = sum(message["role"] == "assistant" for message in results_and_words(record.messages))
        self.tokens = 0
        self.deadline = time.monotonic() + agent.limits.seconds
        self.seen_on = float("-inf")
        self.stopped = ""
        self.note = ""
        self.answer: Answer | None = None

    @property
    def left(self) -> float:
        return max(0.1, self.deadline - time.monotonic())

    async def think(self) -> None:
        """One word from the model, kept before anything follows from it. Or the reason why there is none."""
        self.stopped = await self._limit()
        if self.stopped:
            return
        reply = await self._spoken()
        if reply is None:
            return
        self.steps += 1
        self.tokens += reply.tokens
        await self._keep([_own_ids(reply.message, self.steps)])

    async def act(self) -> None:
        """The tools' answers to the last word's calls."""
        answers = await self.calls.make(self.record.messages[-1]["tool_calls"], self.left)
        await self._keep(answers)
        for message in answers:
            for block in blocks([message]):
                await self.asking.on_event(BlockShown(run_id=str(self.record.run_id), block=block))

    async def close(self) -> None:
        """The answer: cited, its numbers checked, stored whole, then told."""
        messages = self.record.messages
        text = self._stop_text() if self.stopped else str(messages[-1].get("content") or "")
        text, citations = cited(text, rows(messages))
        shown = blocks(messages)
        self.answer = Answer(
            run_id=str(self.record.run_id),
            agent=self.agent.name,
            model=self.model.name,
            status="stopped" if self.stopped else "done",
            text=text,
            blocks=shown,
            citations=citations,
            understood=understood(messages),
            follow_ups=follow_ups(messages),
            checked=check_numbers(text, messages),
            note=self.note,
        )
        await self.record.end(self.answer, now())
        await self.asking.on_event(Done(run_id=str(self.record.run_id), answer=self.answer))

    async def _limit(self) -> str:
        limits = self.agent.limits
        if time.monotonic() - self.seen_on > SWITCH_SEEN:
            if await self.asking.agents_off():
                return OFF
            self.seen_on = time.monotonic()
        if self.steps >= limits.steps:
            return f"I stopped after {limits.steps} steps."
        if time.monotonic() >= self.deadline:
            return f"I stopped after {limits.seconds:.0f} s."
        return f"I stopped: the budget of {limits.tokens:,} tokens is spent." if self.tokens >= limits.tokens else ""

    async def _spoken(self) -> Reply | None:
        """A model that does not answer is replaced by the built-in planner, and the answer says so."""
        try:
            async with asyncio.timeout(self.left):
                return await self._from(self.model)
        except TimeoutError:
            self.stopped = f"I stopped after {self.agent.limits.seconds:.0f} s: the model had not answered."
            return None
        except SwitchedOff:
            self.stopped = OFF
            return None
        except Unavailable as error:
            if self.model is self.spare:
                raise
            self.note = f"{error} The built-in planner answered instead."
            self.model = self.spare
            return await self._from(self.spare)

    async def _from(self, model: Model) -> Reply:
        citer, said = Citer(rows(self.record.messages)), False

        async def on_text(text: str, replace: bool) -> None:
            nonlocal citer, said
            if replace:
                citer = Citer(citer.known)
            if (shown := citer.feed(text)) or replace:
                said = bool(shown) or (said and not replace)
                await self._tell(shown, replace)

        reply = await model(self.record.messages, self.schemas, on_text)
        if rest := citer.rest():
            await self._tell(rest, False)
        if said and reply.message.get("tool_calls"):
            await self._tell("", True)  # it was thinking aloud: the answer is still to come
        return reply

    async def _tell(self, text: str, replace: bool) -> None:
        await self.asking.on_event(Text(run_id=str(self.record.run_id), text=text, replace=replace))

    async def _keep(self, messages: list[Message]) -> None:
        await self.record.append(messages, now(), steps=self.steps, tokens=self.tokens)

    def _stop_text(self) -> str:
        if self.stopped == OFF:
            return OFF
        seen = len(results(self.record.messages))
        found = f"What I had looked at by then ({seen} results) is below." if seen else "I had found nothing by then."
        return f"{self.stopped} {found} Ask for less at once: one line, one shift."


def results_and_words(messages: list[Message]) -> list[Message]:
    """Everything since the last question."""
    asked = max((n for n, message in enumerate(messages) if message["role"] == "user"), default=0)
    return messages[asked + 1 :]


def _own_ids(message: Message, step: int) -> Message:
    """Calls named by step and place: unique in the run whatever a model sends, the same again after a kill."""
    calls: list[dict[str, Any]] = message.get("tool_calls") or []
    if not calls:
        return {key: value for key, value in message.items() if key != "tool_calls"}
    named = [
        {"id": f"call_{step}_{n}", "type": "function", "function": _function(call["function"])}
        for n, call in enumerate(calls)
    ]
    return {**message, "tool_calls": named}


def _function(function: dict[str, Any]) -> dict[str, str]:
    arguments = function.get("arguments") or "{}"
    return {
        "name": str(function.get("name", "")),
        "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments),
    }
