"""A tool is a typed function; its docstring is what the model reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from inspect import cleandoc, signature
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from sqlalchemy.ext.asyncio import AsyncSession

from mom.blocks import Block
from mom.caller import Caller
from mom.errors import BadInput
from mom.settings import Settings
from tools.plain import plain


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, in which plant, at what time. Identity, plant and time come from here, never from the model.

    `read` is a read-only session. `write` is given to the tools that propose and to nobody else; the loop that made it
    commits it. `delegate(agent, question)` lets a tool that stands for another agent ask it.
    """

    read: AsyncSession
    caller: Caller
    agent: str
    run_id: UUID
    call_id: str
    now: datetime
    zone: ZoneInfo
    settings: Settings
    write: AsyncSession | None = None
    delegate: Callable[[str, str], Awaitable[Any]] | None = None

    @property
    def site_id(self) -> int:
        return self.caller.site_id


@dataclass(frozen=True, slots=True)
class About:
    """What a result speaks of, as the answer shows it was understood."""

    equipment: str | None = None  # path
    name: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    label: str = ""  # the window in words: "late shift, 14:00 to 22:00"
    product: str | None = None

    def as_json(self) -> dict[str, Any]:
        pairs = ((key, getattr(self, key)) for key in self.__slots__)
        return {key: plain(value) for key, value in pairs if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gives: `data` for the model (JSON), typed blocks for the page, and what it speaks of."""

    data: dict[str, Any]
    blocks: tuple[Block, ...] = ()
    about: About | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A power of an agent. `proposes`: it writes a proposal, the only thing a model can write."""

    name: str
    doc: str
    arguments: type[BaseModel]
    function: Callable[..., Awaitable[Result]]
    proposes: bool = False
    doing: str = ""  # what a person is told while it works: "Looking at the stops"
    schema: dict[str, Any] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        parameters = _without_titles(self.arguments.model_json_schema())
        function = {"name": self.name, "description": self.doc, "parameters": parameters}
        object.__setattr__(self, "schema", {"type": "function", "function": function})

    async def __call__(self, context: Context, arguments: dict[str, Any]) -> Result:
        """BadInput, worded for the model, when the arguments do not fit."""
        try:
            checked = self.arguments.model_validate(arguments)
        except ValidationError as error:
            raise BadInput(f"{self.name}: {_faults(error)}", remedy="Correct the arguments and call again.") from error
        return await self.function(context, **{name: getattr(checked, name) for name in type(checked).model_fields})


def tool(*, doing: str, proposes: bool = False) -> Callable[[Callable[..., Awaitable[Result]]], Tool]:
    """Make a tool of a function `(context, …) -> Result` with annotated parameters."""

    def make(function: Callable[..., Awaitable[Result]]) -> Tool:
        if not function.__doc__:
            raise TypeError(f"{function.__name__} needs a docstring: it is what the model reads.")
        parameters = list(signature(function, eval_str=True).parameters.values())[1:]  # the first is the context
        fields: dict[str, Any] = {
            p.name: (p.annotation, ... if p.default is p.empty else p.default) for p in parameters
        }
        arguments = create_model(function.__name__, __config__=ConfigDict(extra="forbid"), **fields)
        return Tool(function.__name__, cleandoc(function.__doc__), arguments, function, proposes, doing)

    return make


def _faults(error: ValidationError) -> str:
    """Each wrong argument with its value and what was expected, in one line."""
    faults = [
        f"{'.'.join(map(str, fault['loc'])) or 'arguments'} is {str(fault.get('input'))[:80]!r}: {fault['msg']}"
        for fault in error.errors()[:5]
    ]
    return "; ".join(faults) + "."


def _without_titles(schema: Any) -> Any:
    """The same schema, without the titles that pydantic adds and a model has to read."""
    if isinstance(schema, dict):
        is_field = isinstance(schema.get("type") or schema.get("anyOf") or schema.get("$ref"), str | list)
        return {
            k: _without_titles(v) for k, v in schema.items() if not (k == "title" and is_field and isinstance(v, str))
        }
    return [_without_titles(item) for item in schema] if isinstance(schema, list) else schema
