"""What an agent is: a prompt, and the tools it may use. Read `tools` to know all it can do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from mom.errors import LinesideError
from tools.tool import Tool

Message = dict[str, Any]
"""In OpenAI's form: role, content, tool_calls, tool_call_id."""
OnText = Callable[[str, bool], Awaitable[None]]
"""More of the text; True: it replaces what was given so far."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a run is stopped, with an answer that says so."""

    steps: int = 25
    seconds: float = 120.0
    tokens: int = 200_000
    question: int = 4_000  # characters
    result: int = 24_000  # characters of one tool's result


@dataclass(frozen=True, slots=True)
class Agent:
    """`title` is what a person reads; `prompt` the file in prompts/. `asks`: the agents it may ask, by name."""

    name: str
    title: str
    doc: str  # what it is for, as another agent reads it
    tools: tuple[Tool, ...]
    asks: tuple[str, ...] = ()
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said: an assistant's message, and what it took."""

    message: Message
    tokens: int = 0


class SwitchedOff(LinesideError):
    """A person switched the agents off while a model was being waited for: it is not asked again."""

    status = 503


class Model(Protocol):
    """Something that speaks: a language model, or the built-in planner. Raises Unavailable when it cannot, SwitchedOff."""

    @property
    def name(self) -> str: ...

    async def __call__(self, messages: list[Message], tools: list[dict[str, Any]], on_text: OnText) -> Reply: ...
