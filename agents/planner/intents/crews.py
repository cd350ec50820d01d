"""Crews against standard time; persons, where the plant allows it."""

import re

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, paragraphs
from mom import words


def plan(request: Request, seen: Seen) -> list[Call]:
    kinds = ("person", "crew") if _of_persons(request.text) else ("crew",)
    places = dict.fromkeys(_line_of(request, place) for place in request.places)
    return [Call("compare_crews", {"equipment": place, "by": by, **request.span()}) for place in places for by in kinds]


def _line_of(request: Request, place: str | None) -> str | None:
    """Crews run lines: a machine's question is its line's."""
    node = request.vocabulary.equipment.get(place or "")
    return node.line if node else place


def _of_persons(text: str) -> bool:
    return bool(re.search(r"\bpersons?\b|\boperators?\b|\bwho\b|\bwho's\b|\bwhose\b|\bworkers?\b|\bemployees?\b", text))


def word(request: Request, seen: Seen) -> str:
    told = paragraphs(*(_one(data) for data in seen.all("compare_crews")))
    return paragraphs(*seen.errors, told)


def _one(data: Data) -> str:
    withheld = bullets(row["why"] for row in data["withheld"])
    if not data["rows"]:
        return paragraphs(str(data["note"]), withheld)
    sure = [row for row in data["rows"] if row["differs"]]
    head = (
        f"{data['name']}, {data['window']}: {len(sure)} of {len(data['rows'])} differ from the mean for the same work."
        if sure
        else f"{data['name']}, {data['window']}: no difference between them that is sure, for the same work."
    )
    how = "Product, line, material and practice are taken out. It tells of the work, not of a cause."
    return paragraphs(head, bullets(_row(row) for row in data["rows"]), withheld, how)


def _row(row: Data) -> str:
    if row["effect"] is None:
        return f"{row['name']}: withheld, {row['missing']}"
    low, high = words.percent(row["low"]), words.percent(row["high"])
    kind = "more" if row["effect"] >= 0 else "less"
    return f"{row['name']}: {words.percent(abs(row['effect']))} {kind} time ({low} to {high}), {row['work']} stretches of work"


crews = Intent(
    "crews",
    "crews against standard time, with what they were given taken out",
    (
        "How are the crews against standard time?",
        "Is a crew slower than standard on line 2, adjusted for product?",
        "Which operator is slowest?",
    ),
    (
        (r"\bstandard times?\b|\bthan standard\b|\badjusted\b|\bfairly\b", 1.6),
        (r"\bcrews?\b", 0.8),
        (r"\bcrews?\b.*\b(slow|slower|slowest|fast|faster|fastest|differ\w*)\b", 1.6),
        (
            r"\b(which|what|who) (operator|person|worker|employee)\b|\bwho( is|'s)? (the )?(slow|fast|best|worst)\w*\b",
            2.6,
        ),
        (
            r"\bwho\b.*\b(best|worst|slow\w*|fast\w*|mistakes?|fault|blame|guilty|caused|broke)\b|\b(whose|who's) (fault|mistake)\b",
            2.6,
        ),
        (r"\bchange-?overs?\b|\bset-?ups?\b|\bwhy\b", -1.0),
    ),
    plan,
    word,
    "loss_analyst",
)
