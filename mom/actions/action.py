"""The contract of an action: what a model may fill in, what it costs, what it does once a person has approved it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from mom.actions.setting import Setting
from mom.models import Loss

# Characters that a reader cannot see, or that turn the reading order round: what is approved must be what is seen.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def seen(text: Any) -> Any:
    """A text without the characters that nobody sees (controls, bidirectional overrides, lone surrogates)."""
    return _UNSEEN.sub("", text).strip() if isinstance(text, str) else text


Short = Annotated[str, StringConstraints(min_length=1, max_length=160), BeforeValidator(seen)]
Text = Annotated[str, StringConstraints(max_length=4000), BeforeValidator(seen)]
When = AwareDatetime


class Payload(BaseModel):
    """What a model fills in. Field descriptions are written for it; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class CostLine:
    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """What the code makes of a payload before anybody is asked: the headline, what is shown, what it costs.

    `facts` are numbers that the code found now and that `execute` uses later (a baseline): they are part of what is
    approved. `not_after`: the moment from which approving makes no sense any more.
    """

    title: str
    lines: tuple[tuple[str, str], ...]  # label, value: what a person reads
    costs: tuple[CostLine, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    equipment_id: int | None = None
    not_after: datetime | None = None
    do_nothing: str | None = None  # where the action knows better than the loss
    do_nothing_cost: Decimal | None = None

    @property
    def cost(self) -> Decimal:
        return sum((line.amount for line in self.costs), Decimal(0)).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Approved:
    """What `execute` is given: all of it comes out of the bytes that were approved."""

    proposal_id: int
    payload: Any  # of the action's payload class
    facts: dict[str, Any]
    title: str
    loss_id: int | None
    equipment_id: int | None
    approved_by: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it. `message` is told to the system that owns such things."""

    subject: str  # improvement_task:4
    words: str
    message: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be proposed. `tells`: the kind of system (plant.systems) that is told afterwards."""

    name: str
    title: str
    payload: type[Payload]
    plan: Callable[[AsyncSession, Setting, Any, Loss | None, datetime], Awaitable[Plan]]
    execute: Callable[[AsyncSession, Setting, Approved], Awaitable[Done]]
    tells: str | None = None
    same: tuple[str, ...] = ("title",)  # fields of the payload: two proposals that agree in them ask for the same

    @property
    def event(self) -> str:
        """The type of the message to the other system."""
        return f"{self.name}.approved"
