"""The document of a proposal: exactly what is shown, hashed and approved. RFC 8785 JSON, kept as bytes."""

import hashlib
from datetime import datetime
from typing import Any, Self

import rfc8785
from pydantic import BaseModel, ConfigDict, ValidationError

from mom.errors import BadInput, Conflict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(_Part):
    label: str
    value: str


class Amount(_Part):
    label: str
    amount: str  # decimal


class Cost(_Part):
    amount: str
    currency: str
    lines: tuple[Amount, ...] = ()


class Evidence(_Part):
    """A row that the proposal rests on; `text` says what it tells, `query` returns it."""

    ref: str
    text: str
    query: str


class ExpectedEffect(_Part):
    """What the action should change. Numbers come from tools; leave them out when there are none."""

    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    money_per_day: str | None = None


class Alternative(_Part):
    """Another way, doing nothing among them. `cost` is a decimal, None where nobody can tell."""

    title: str
    text: str = ""
    cost: str | None = None


class Person(_Part):
    id: int | None
    name: str


class Policy(_Part):
    roles: tuple[str, ...]
    four_eyes_above: str


class LossShown(_Part):
    id: int
    title: str


class Document(_Part):
    """Everything that a person is shown of a proposal, and everything that carrying it out may use."""

    id: int
    site: str
    site_name: str
    action: str
    action_title: str
    title: str
    payload: dict[str, Any]
    facts: dict[str, Any]
    shown: tuple[Shown, ...]
    rationale: str
    evidence: tuple[Evidence, ...]
    expected_effect: ExpectedEffect
    cost: Cost
    alternatives: tuple[Alternative, ...]
    loss: LossShown | None
    equipment_id: int | None
    proposed_by: str
    asked_by: Person | None
    edited_by: Person | None
    replaces: int | None
    policy: Policy
    created_at: datetime
    expires_at: datetime

    def to_bytes(self) -> bytes:
        """The canonical bytes. BadInput when a text or number in it has no JSON form."""
        try:
            return rfc8785.dumps(self.model_dump(mode="json"))
        except rfc8785.CanonicalizationError as error:
            raise BadInput(
                f"The proposal cannot be written as JSON: {error}.", remedy="Leave that value out."
            ) from error

    @classmethod
    def from_bytes(cls, document: bytes) -> Self:
        """Read the bytes back. Conflict when they are not what we wrote."""
        try:
            return cls.model_validate_json(document)
        except ValidationError as error:
            raise Conflict(
                "The proposal's text has been changed and cannot be read.", remedy="Propose it again."
            ) from error


def sha256_of(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()
