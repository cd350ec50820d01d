"""A proposal as its card shows it: everything from the document's bytes, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mom import words
from mom.caller import Caller

STATES = {
    "pending": ("waits for a decision", "you"),
    "approved": ("approved, being carried out", "wait"),
    "done": ("done", "good"),
    "rejected": ("rejected", "unknown"),
    "replaced": ("replaced by an edited one", "unknown"),
    "expired": ("expired", "unknown"),
    "failed": ("could not be carried out", "stop"),
}


def proposal_view(card: Mapping[str, Any], caller: Caller, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """What the macro `proposal` shows. `card`: mom.proposals.card.card or full_card."""
    said, kind = STATES[card["status"]]
    roles = card["policy"]["roles"]
    return {
        "id": card["id"],
        "sha256": card["sha256"],
        "status": card["status"],
        "status_words": said,
        "status_kind": kind,
        "title": card["title"],
        "rationale": card["rationale"],
        "facts": [*((s["label"], s["value"]) for s in card["shown"]), *_facts(card, now, zone)],
        "evidence": [{"ref": e["ref"], "words": e["text"] or e["ref"]} for e in card["evidence"]],
        "alternatives": [_alternative(a, card["cost"]["currency"]) for a in card["alternatives"]],
        "approvers": " or ".join(roles),
        "may_decide": bool(caller.roles & {*roles, "admin"}),
        "outcome": _outcome(card, now, zone),
    }


def _facts(card: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    cost, effect = card["cost"], card["expected_effect"]
    rows = [
        ("Cost", words.money(Decimal(cost["amount"]), cost["currency"])),
        ("Should bring", _effect(effect, cost["currency"])),
    ]
    if card["status"] == "pending":
        rows.append(("Decide by", words.time_of(datetime.fromisoformat(card["expires_at"]), now, zone)))
    asked = card["asked_by"]
    rows.append(("Asked for by", asked["name"] if asked and asked["name"] else "the plant's own watch"))
    return [(name, said) for name, said in rows if said]


def _effect(effect: Mapping[str, Any], currency: str) -> str:
    said = [effect["text"]]
    if effect["value"] is not None:
        said.append(f"{words.number(effect['value'])} {effect['unit']}".strip())
    if effect["low"] is not None and effect["high"] is not None:
        said.append(f"({words.number(effect['low'])} to {words.number(effect['high'])})")
    if effect["money_per_day"] is not None:
        said.append(f"{words.money(Decimal(effect['money_per_day']), currency)} a day")
    return " ".join(part for part in said if part)


def _alternative(other: Mapping[str, Any], currency: str) -> str:
    cost = f" ({words.money(Decimal(other['cost']), currency)})" if other["cost"] is not None else ""
    return f"{other['title']}{cost}{': ' + other['text'] if other['text'] else ''}"


def _outcome(card: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> str:
    said = []
    if decision := card.get("decision"):
        verb = "Approved" if decision["approved"] else "Rejected"
        when = words.time_of(datetime.fromisoformat(decision["at"]), now, zone)
        said.append(
            f"{verb} by {decision['by']}, {when}{': ' + decision['reason'].rstrip('. ') if decision['reason'] else ''}."
        )
    if (execution := card.get("execution")) and execution["outcome"]:
        said.append(str(execution["outcome"].get("words") or execution["outcome"].get("error") or ""))
    return " ".join(part for part in said if part)
