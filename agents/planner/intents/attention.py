"""What is wrong right now? What stands still, what lasts and costs, what drifts or lies: one answer, also when nothing is."""

from typing import Any

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, listed, loss, paragraphs
from mom import words

MOST = 5
_OUTSIDE = ("starved", "blocked")
"""Kinds of standing that have their reason at another machine."""
_TOOLS = ("get_line_status", "list_losses", "list_conditions")


def plan(request: Request, seen: Seen) -> list[Call]:
    return [Call(tool, {"equipment": place}) for place in request.places for tool in _TOOLS]


def word(request: Request, seen: Seen) -> str:
    lines = [line for data in seen.all("get_line_status") for line in data["lines"]]
    machines = [m for line in lines for m in line["machines"]]
    stands = [_stop(m) for m in machines if m.get("stop") and m.get("kind") not in _OUTSIDE]
    unseen = [str(m["machine"]) for m in machines if m["state"] in ("unknown", "Unknown")]
    known = {m["machine"] for m in machines if m.get("stop")}
    rows = [row for data in seen.all("list_losses") for row in data["losses"]]
    lasting = [row for row in rows if row["still"] and row["money"] and row["machine"] not in known]
    signs = [row for data in seen.all("list_conditions") for row in data["conditions"] if row["still"]]
    return paragraphs(
        _head(lines, stands, lasting, signs),
        bullets(stands),
        f"I cannot tell of {listed(unseen)}: nothing is heard of it." if unseen else "",
        _costs(request, rows, lasting),
        f"To be looked at:\n{bullets(_sign(row) for row in signs[:MOST])}" if signs else "",
    )


def _head(lines: list[Data], stands: list[str], lasting: list[Data], signs: list[Data]) -> str:
    names = listed([str(line["line"]) for line in lines])
    if stands:
        return "One machine stands still:" if len(stands) == 1 else f"{len(stands)} machines stand still:"
    if lasting:
        return f"No machine stands still on {names}, but something lasts that costs."
    if signs:
        return f"No machine stands still on {names} and nothing that costs lasts, but something should be looked at."
    return f"Nothing is wrong on {names} as far as the data show: no machine stands still, nothing that costs lasts, nothing drifts."


def _costs(request: Request, rows: list[Data], lasting: list[Data]) -> str:
    currency = request.vocabulary.currency
    if lasting:
        return f"What lasts and costs:\n{bullets(loss(row, currency) for row in lasting[:MOST])}"
    dearest = max(rows, key=lambda row: row["money"] or 0.0, default=None)
    return f"What cost most in this shift is over: {loss(dearest, currency)}." if dearest else ""


def _stop(machine: dict[str, Any]) -> str:
    stop = machine["stop"]
    return (
        f"{machine['machine']}: {stop['reason']}, since {stop['since']} ({words.duration(stop['seconds'])}){cite(stop)}"
    )


def _sign(row: Data) -> str:
    how = f", {row['level']} where {row['norm']} is its norm" if row.get("level") and row.get("norm") else ""
    return f"{row['title']}, since {row['started']}{how}{cite(row)}"


attention = Intent(
    "attention",
    "what is wrong right now",
    (
        "What is wrong right now?",
        "What is wrong?",
        "Anything wrong?",
        "Is something wrong on line 1?",
        "Is everything ok?",
        "Any problems?",
        "What should I look at first?",
    ),
    (
        (r"\b(what|anything|something|nothing|what else)\b.*\b(wrong|amiss)\b", 2.2),
        (r"\bwrong with\b", -0.8),
        (r"\b(any|some) (trouble|problems?|issues?)\b|^(trouble|problems?|issues?)\b", 2.0),
        (r"\banything\b.*\b(standing|stopped|down|broken)\b", 2.0),
        (r"\b(all|everything)\b.*\b(good|ok|okay|fine|well|alright|all right|in order|normal)\b", 2.4),
        (r"\b(look at|start|begin|go|tackle|deal with|fix) first\b|\bwhere (should|do|shall) (i|we) start\b", 2.2),
        (r"\banything (i|we) (should|need to|must) know\b|\bneeds? (my |our )?attention\b", 2.4),
        (r"\b(right now|now|at the moment|currently)\b", 0.4),
        (r"\bwhy\b|\bquality\b|\bsensors?\b|\borders?\b|\bwent wrong\b|\bbefore\b", -1.4),
    ),
    plan,
    word,
)
