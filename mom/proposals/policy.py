"""Who may decide on a proposal. Pure."""

from datetime import datetime
from decimal import Decimal

from mom.caller import Caller
from mom.errors import Conflict, NotAllowed
from mom.plant.schema import Approval
from mom.proposals.document import Document


def decider(document: Document, policy: Approval, caller: Caller) -> str:
    """The role in which the caller may decide. NotAllowed when they have none, or are no person."""
    if caller.user_id is None:
        raise NotAllowed("Only a person can decide on a proposal.")
    if caller.through == "key":
        raise NotAllowed(
            "Only a person can decide on a proposal, and this came with an API key.",
            remedy=f"Sign in as {caller.name} and decide there.",
        )
    return caller.need(*policy.roles)


def four_eyes(document: Document, policy: Approval, caller: Caller) -> None:
    """NotAllowed when the caller asked for or edited it and may not approve it alone: it needs a second person.

    `four_eyes_above` 0 means never alone, whatever it costs; else alone up to that cost and no further.
    """
    own = {person.id for person in (document.asked_by, document.edited_by) if person is not None}
    if caller.user_id not in own:
        return
    limit = policy.four_eyes_above
    if limit > 0 and Decimal(document.cost.amount) <= limit:
        return
    alone = f"above {document.cost.currency} {limit}" if limit > 0 else "at any cost"
    raise NotAllowed(
        f"You asked for this or edited it, and {document.action_title.lower()}s {alone} need a second person.",
        remedy=f"Ask somebody else who is {' or '.join(policy.roles)}.",
    )


def in_time(document: Document, now: datetime) -> None:
    """Conflict when the proposal has run out."""
    if now >= document.expires_at:
        raise Conflict(
            f"The proposal expired at {document.expires_at:%Y-%m-%d %H:%M} UTC: no answer meant no.",
            remedy="Ask for it again; it will be made from what holds now.",
        )
