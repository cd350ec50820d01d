"""Which nonconformances are there, and which lots do they touch?"""

import re

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, paragraphs
from mom import words

_ABOUT_LOTS = frozenset(
    {"lots", "which", "what", "control", "affected", "touched", "nonconformance", "quality", "line"}
)
"""Words of the question that name no characteristic."""


def plan(request: Request, seen: Seen) -> list[Call]:
    """The lots are those of the newest one that was named: of a machine, or by its number."""
    named = re.search(r"\bnonconformance:? (?:no\.? |number |#)?(\d+)\b|\bnonconformance:(\d+)", request.text)
    if not _lots(request):
        return [Call("list_nonconformances", {"equipment": place, **request.span()}) for place in request.places]
    if named:
        return [Call("list_touched_lots", {"nonconformance": named.group(1) or named.group(2)})]
    if not seen.called("list_nonconformances"):
        return [Call("list_nonconformances", {"equipment": request.where, **request.span()})]
    if seen.called("list_touched_lots"):
        return []
    found = [row for data in seen.all("list_nonconformances") for row in data["nonconformances"]]
    charted = [row for row in found if row["by"] == "control chart"] or found
    asked = set(re.findall(r"[a-z]{4,}", request.text)) - _ABOUT_LOTS
    charted.sort(key=lambda row: -len(asked & set(re.findall(r"[a-z]{4,}", str(row["text"]).lower()))))
    return [Call("list_touched_lots", {"nonconformance": charted[0]["ref"]})] if charted else []


def _lots(request: Request) -> bool:
    return bool(re.search(r"\b(lots?|batch(es)?|touched|affected|recall|pallets?)\b", request.text))


def word(request: Request, seen: Seen) -> str:
    touched = [_touched(data) for data in seen.all("list_touched_lots")]
    return paragraphs(*(touched or [_listed(data) for data in seen.all("list_nonconformances")]))


def _listed(data: Data) -> str:
    if not data["nonconformances"]:
        return f"No nonconformance is on record ({data['window']})."
    rows = [
        f"{row['at']}: {row['text']} {row['status'].capitalize()}{cite(row)}" for row in data["nonconformances"][:6]
    ]
    return paragraphs(f"{data['count']} on record ({data['window']}):", bullets(rows))


def _touched(data: Data) -> str:
    if "note" in data:
        return str(data["note"])
    until = f"until {data['to']}" if data["over"] else "and it goes on"
    head = f"{data['text']}{cite(data)} The last result in control was {data['from']}, {until}."
    pieces = f"{words.quantity(data['pieces'], 'pieces')} were made meanwhile"
    orders = [
        f"order {row['order']}, {row['product']}: {words.number(row['good'], 0)} good{cite(row)}"
        for row in data["orders"][-8:]
    ]
    here = [row for row in data["material"] if row["here"]] or data["material"]
    lots = [
        f"{row['lot']} ({row['material']}), {row['machine']}, since {row['from']}, {row['status']}{cite(row)}"
        for row in here[:8]
    ]
    return paragraphs(
        head,
        f"{pieces}:" if orders else f"{pieces}.",
        bullets(orders),
        "Material on the machine:" if lots else "",
        bullets(lots),
    )


nonconformances = Intent(
    "nonconformances",
    "nonconformances and the lots they touch",
    (
        "Which lots are touched?",
        "Are there nonconformances?",
        "Which lots are affected by the torque on line 2?",
        "What nonconformances were opened this week?",
    ),
    (
        (r"\bnon-?conformances?\b|\bnon-?conforming\b|\bquality (issues?|problems?|alerts?)\b", 2.4),
        (r"\b(which|what)\b.*\b(lots?|batch(es)?|orders?)\b.*\b(touched|affected|hit|concerned)\b", 2.6),
        (r"\b(touched|affected)\b.*\b(lots?|batch(es)?)\b", 2.2),
        (r"\brecall\b", 1.6),
    ),
    plan,
    word,
    "quality_analyst",
)
