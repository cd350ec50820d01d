"""How the built-in planner says things: short sentences, the plant's words. Every number comes from a tool's result."""

from collections.abc import Iterable, Mapping
from typing import Any

from mom import words

Data = Mapping[str, Any]


def cite(*rows: Data | None) -> str:
    """` [stop:12]` for a row that has a reference."""
    refs = [str(row["ref"]) for row in rows if row and row.get("ref")]
    return f" [{', '.join(refs)}]" if refs else ""


def figure(rows: Iterable[Data], name: str) -> Data | None:
    return next((row for row in rows if row["name"] == name), None)


def told(found: Data | None) -> str:
    """A figure with its unit, or why it is withheld."""
    return words.figure(found) if found else words.NOTHING


def coverage(found: Data | None) -> str:
    """What must be said of a figure that did not see all of its window."""
    if not found or found["value"] is None or found["coverage"] >= 0.995:
        return ""
    return f" (seen: {words.percent(found['coverage'])} of the time)"


def money(amount: float | None, currency: str) -> str:
    return words.money(amount, currency)


def at(told: str) -> str:
    """`at 14:02`, `yesterday 22:10`."""
    return f"at {told}" if told[:1].isdigit() else told


def listed(items: list[str]) -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else "nothing"


def bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def loss(row: Data, currency: str) -> str:
    """`Cap jam at Capper 2: 42 min, 3,180 bottles, € 1,240 [loss:7]`."""
    amounts = [words.duration(row["seconds"])]
    if row.get("units"):
        amounts.append(words.quantity(row["units"], row.get("unit") or "pieces"))
    if row.get("money") is not None:
        amounts.append(money(row["money"], currency))
    still = ", still going on" if row.get("still") else ""
    name = row["title"] if row["machine"].lower() in row["title"].lower() else f"{row['title']}, {row['machine']}"
    return f"{name}: {', '.join(amounts)}{still}{cite(row)}"
