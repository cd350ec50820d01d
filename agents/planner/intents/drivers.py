"""What drives a result, or the scrap of one reason?"""

import re

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, paragraphs

WORDS = (
    r"\bunderfill",
    r"\btorque\b",
    r"\blabels?\b",
    r"\bfill(ing)?\b",
    r"\bbrix\b",
    r"\bcaps?\b",
    r"\bscrap",
    r"\bbroken\b",
)
"""What may be asked about; whole words: a capper is no cap."""


def plan(request: Request, seen: Seen) -> list[Call]:
    what = next((found.group().removesuffix("s") for cue in WORDS if (found := re.search(cue, request.text))), None)
    return [Call("explain_quality", {"equipment": place, "what": what}) for place in request.places]


def word(request: Request, seen: Seen) -> str:
    return paragraphs(*(_one(data) for data in seen.all("explain_quality")))


def _one(data: Data) -> str:
    if not data["models"]:
        known = f" Known: {', '.join(data['known'])}." if data["known"] else ""
        return f"{data['note']}{known}"
    told = [row for row in data["models"] if row["told"]]
    rows = [f"{row['response']} at {row['machine']}: {row['said']}" for row in told or data["models"][:4]]
    silent = [f"{row['response']} at {row['machine']}" for row in data["models"] if told and not row["told"]]
    also = f"For {', '.join(silent[:4])} no parameter beats the mean." if silent else ""
    return paragraphs(bullets(rows), also)


drivers = Intent(
    "drivers",
    "what drives a result or a reason of scrap",
    (
        "What drives underfill?",
        "Which parameter drives the torque rejects?",
        "What does the opening torque depend on?",
        "What influences the fill volume?",
    ),
    (
        (r"\bdriv(es|ers|en by|ing)\b|\b(what|which)\b.*\bdrive\b", 2.4),
        (r"\b(depends?|hangs?) on\b|\binfluences?\b|\bcorrelat", 2.2),
        (r"\bwhich (parameter|setting|signal)s?\b", 2.2),
        (r"\b(fix|fixed|repair|repaired|replaced|before|last time)\b", -2.0),
    ),
    plan,
    word,
    "quality_analyst",
)
