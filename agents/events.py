"""What a page is told while an answer is being made. `model_dump(mode="json")` is what goes over the wire."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.answer import Answer
from mom.blocks import Block


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)
    run_id: str


class Step(_Event):
    """What is being looked at, in one line: it folds away once the answer stands."""

    type: Literal["step"] = "step"
    agent: str
    text: str


class ToolCalled(_Event):
    """A tool has answered; `error` says what it refused."""

    type: Literal["tool"] = "tool"
    agent: str
    name: str
    arguments: dict[str, Any]
    seconds: float
    error: str | None = None


class Text(_Event):
    """More of the answer. `replace`: forget the text so far, this stands in its place."""

    type: Literal["text"] = "text"
    text: str
    replace: bool = False


class BlockShown(_Event):
    """A table, chart, figure, timeline or proposal of the answer."""

    type: Literal["block"] = "block"
    block: Block


class Done(_Event):
    """The answer, whole, as it was stored: what stands here counts, not what was streamed."""

    type: Literal["done"] = "done"
    answer: Answer


Event = Annotated[Step | ToolCalled | Text | BlockShown | Done, Field(discriminator="type")]
OnEvent = Callable[[Step | ToolCalled | Text | BlockShown | Done], Awaitable[None]]


async def nobody(event: Step | ToolCalled | Text | BlockShown | Done) -> None:
    """For a run that nobody watches."""
