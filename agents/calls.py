"""One tool call: made with a session of its own, its result worded for the model, its faults told to it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import structlog
from opentelemetry import trace
from psycopg.errors import QueryCanceled
from sqlalchemy.exc import DBAPIError

from agents.agent import Agent, Message
from agents.asking import Asking
from agents.events import Step, ToolCalled
from mom.errors import BadInput, LinesideError, Unavailable
from tools.plain import plain
from tools.tool import Context, Result, Tool

MOST_AT_ONCE = 12
Delegate = Callable[[str, str, str], Awaitable[Any]]
"""(agent, question, call id) -> what the other agent answered."""
log = structlog.get_logger()
tracer = trace.get_tracer("lineside.agents")


class Calls:
    """Makes the tool calls of one run."""

    def __init__(self, agent: Agent, tools: Mapping[str, Tool], asking: Asking, run_id: UUID, ask: Delegate) -> None:
        self.agent, self.tools, self.asking, self.run_id, self.ask = agent, tools, asking, run_id, ask

    async def make(self, calls: list[dict[str, Any]], seconds: float) -> list[Message]:
        """The results of calls made at once, in their order. None may take longer than `seconds`."""
        return list(await asyncio.gather(*(self._one(call, n, seconds) for n, call in enumerate(calls))))

    async def _one(self, call: dict[str, Any], n: int, seconds: float) -> Message:
        name, started, arguments = call["function"]["name"], time.monotonic(), {}
        error: str | None = None
        try:
            if n >= MOST_AT_ONCE:
                raise BadInput(f"At most {MOST_AT_ONCE} calls at once; this one was not made.")
            tool = self._tool(name)
            arguments = _parsed(call["function"]["arguments"])
            result = await self._made(tool, arguments, call["id"], seconds)
        except LinesideError as fault:
            error, result = str(fault), Result({"error": str(fault)})
        took = time.monotonic() - started
        log.info("tool", run=str(self.run_id), agent=self.agent.name, tool=name, seconds=round(took, 4), error=error)
        await self.asking.on_event(
            ToolCalled(
                run_id=str(self.run_id),
                agent=self.agent.name,
                name=name,
                arguments=arguments,
                seconds=took,
                error=error,
            )
        )
        return self._message(call["id"], name, result)

    def _tool(self, name: str) -> Tool:
        if name not in self.tools:
            raise BadInput(f"There is no tool {name[:60]!r}.", remedy=f"You have: {', '.join(sorted(self.tools))}.")
        return self.tools[name]

    async def _made(self, tool: Tool, arguments: dict[str, Any], call_id: str, seconds: float) -> Result:
        step = Step(run_id=str(self.run_id), agent=self.agent.name, text=tool.doing or tool.name)
        await self.asking.on_event(step)
        with tracer.start_as_current_span(f"tool {tool.name}"):
            try:
                async with asyncio.timeout(seconds), AsyncExitStack() as stack:
                    return await tool(await self._context(stack, tool, call_id), arguments)
            except TimeoutError as error:
                raise Unavailable(f"{tool.name} took longer than the {seconds:.0f} s that were left.") from error
            except DBAPIError as error:
                if isinstance(error.orig, QueryCanceled):
                    raise Unavailable(f"{tool.name} took too long.", remedy="Ask for a shorter window.") from error
                raise

    async def _context(self, stack: AsyncExitStack, tool: Tool, call_id: str) -> Context:
        """A tool that proposes gets the session that writes, committed when it returns; the others never see one."""
        asking = self.asking
        write = await stack.enter_async_context(asking.store.write.begin()) if tool.proposes else None
        read = await stack.enter_async_context(asking.store.read())

        async def delegate(agent: str, question: str) -> Any:
            return await self.ask(agent, question, call_id)

        return Context(
            read=read,
            caller=asking.caller,
            agent=self.agent.name,
            run_id=self.run_id,
            call_id=call_id,
            now=asking.now,
            zone=asking.zone,
            settings=asking.settings,
            write=write,
            delegate=delegate,
        )

    def _message(self, call_id: str, name: str, result: Result) -> Message:
        content = json.dumps(plain(result.data), ensure_ascii=False, separators=(",", ":"))
        if len(content) > self.agent.limits.result:
            told = f"The result has {len(content)} characters, which is too many. Ask for less: a shorter window, one machine."
            content = json.dumps({"error": told})
        message: Message = {"role": "tool", "tool_call_id": call_id, "name": name, "content": content}
        if result.blocks:
            message["blocks"] = [plain(block) for block in result.blocks]
        if result.about:
            message["about"] = result.about.as_json()
        return message


def _parsed(arguments: str) -> dict[str, Any]:
    try:
        parsed = json.loads(arguments or "{}")
    except json.JSONDecodeError as error:
        raise BadInput(
            f"The arguments are not JSON ({error}): {arguments[:200]}", remedy="Send one JSON object."
        ) from error
    if not isinstance(parsed, dict):
        raise BadInput(f"The arguments are {type(parsed).__name__}, expected one JSON object.")
    return parsed
