"""A proposal's card as plain text, for a terminal."""

from datetime import datetime
from typing import Any


def as_line(card: dict[str, Any]) -> str:
    """One line of a list."""
    cost = f"{card['cost']['currency']} {float(card['cost']['amount']):,.0f}"
    return f"{card['id']:>5}  {card['status']:<9} {cost:>12}  {card['title']}"


def as_text(card: dict[str, Any]) -> str:
    """Everything that a person decides on, and what has become of it."""
    parts = [
        f"Proposal {card['id']}: {card['title']}",
        f"{card['action_title']}, {card['status']}; decide before {_time(card['expires_at'])}",
        *_titled("What", [f"{row['label']}: {row['value']}" for row in card["shown"]]),
        *_titled("Why", [card["rationale"]]),
        *_titled("Evidence", [f"{row['text']} ({row['ref']})" for row in card["evidence"]]),
        *_titled("Expected effect", [card["expected_effect"]["text"]]),
        *_titled(f"Cost: {_cost(card)}", [f"{row['label']}: {row['amount']}" for row in card["cost"]["lines"]]),
        *_titled("Otherwise", [": ".join(t for t in (a["title"], a["text"]) if t) for a in card["alternatives"]]),
        *_titled("Who", _people(card)),
        *_titled("What became of it", _became(card)),
        f"sha256 {card['sha256']}",
    ]
    return "\n".join(parts)


def _titled(title: str, lines: list[str]) -> list[str]:
    return ["", title, *(f"  {line}" for text in lines for line in text.splitlines())] if lines else []


def _cost(card: dict[str, Any]) -> str:
    return f"{card['cost']['currency']} {float(card['cost']['amount']):,.2f}"


def _people(card: dict[str, Any]) -> list[str]:
    asked = (card["asked_by"] or {}).get("name", "nobody: found while watching the line")
    edited = [f"Edited by {card['edited_by']['name']}"] if card["edited_by"] else []
    limit = float(card["policy"]["four_eyes_above"])
    alone = (
        f"who asked may approve alone up to {card['cost']['currency']} {limit:,.0f}"
        if limit
        else "never alone by who asked"
    )
    return [
        f"Proposed by {card['proposed_by']}, asked for by {asked}",
        *edited,
        f"Decided by {' or '.join(card['policy']['roles'])}; {alone}",
    ]


def _became(card: dict[str, Any]) -> list[str]:
    decision, execution = card.get("decision"), card.get("execution")
    lines = []
    if decision:
        word = "Approved" if decision["approved"] else "Rejected"
        reason = f": {decision['reason']}" if decision["reason"] else ""
        lines.append(f"{word} by {decision['by']} ({decision['role']}), {_time(decision['at'])}{reason}")
    if execution:
        lines.append(
            f"{execution['status'].capitalize()}: {execution['outcome'].get('words', 'the worker takes it up')}"
        )
    return lines


def _time(text: str) -> str:
    return datetime.fromisoformat(text).astimezone().strftime("%a %d %b %Y %H:%M %Z")
