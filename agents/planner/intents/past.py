"""What was done to it before, and when did we see this?"""

import re

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, money, paragraphs

_NOISE = re.compile(
    r"\b(when|did|do|have|has|had|we|us|i|see|saw|seen|this|that|it|before|was|were|is|are|been|what|done|to|the|a|an|last|time|ever|"
    r"happen|happened|already|on|at|of|in|with|about|history|similar|cases?|find|show|me|repairs?|fix|fixed|how|and|then|first|past|"
    r"anything|something|like|for|any|there|maintenance|earlier|previously|again|occur\w*)\b|[?.,!]"
)


def plan(request: Request, seen: Seen) -> list[Call]:
    topic = _topic(request)
    if not topic and not seen.called("list_losses") and not request.equipment:
        return [Call("list_losses", {})]
    about = topic or _from_losses(seen)
    calls = []
    for place in request.places:
        if about:
            alike = {"text": about, "equipment": place, "since": _since(request)}
            calls += [Call("find_similar", {**alike, "kind": "repair"})] if _of_repairs(request) else []
            calls.append(Call("find_similar", alike))
        if place:
            calls.append(Call("list_maintenance", {"equipment": place, "since": _since(request)}))
    return calls


def _of_repairs(request: Request) -> bool:
    """Not when it was seen is asked, but what was done."""
    return any(
        word in request.text
        for word in ("done", "repair", "fix", "history", "replaced", "serviced", "solved", "helped")
    )


def _topic(request: Request) -> str:
    """What is left of the question when the asking is taken out: "cap jams"."""
    text = request.text
    for named in request.equipment:
        text = text.replace(named.name.lower(), " ")
    left = re.sub(r"\s+", " ", _NOISE.sub(" ", text)).strip()
    return left if len(left) > 3 and not re.fullmatch(r"[\d\s#:-]+", left) else ""


def _from_losses(seen: Seen) -> str:
    row = next((row for data in seen.all("list_losses") for row in data["losses"]), None)
    return f"{row['title']} {row['reason']}" if row else ""


def _since(request: Request) -> str | None:
    return request.span().get("start")


def word(request: Request, seen: Seen) -> str:
    cases = [case for data in seen.all("find_similar") for case in data["cases"]]
    repairs = [row for data in seen.all("list_maintenance") for row in data["orders"]]
    cases = list({case["ref"]: case for case in cases}.values())
    repairs_first = _of_repairs(request)
    near = [case for case in cases if case["near"] >= 0.3] or cases[:3]
    fixed = [case for case in near if case["kind"] == "repair"] if repairs_first else []
    near = fixed or near
    known = {case["ref"] for case in near}
    if not near and not repairs:
        return f"Nothing of the kind is on record for {request.place_name}."
    found = (
        f"{'What was done then' if fixed else 'Alike in meaning'}, the nearest first:\n"
        f"{bullets(_case(request, case) for case in near[:5])}"
        if near
        else ""
    )
    rest = [row for row in repairs if row["ref"] not in known][:5]
    done = (
        f"Repairs on record for {request.place_name}:\n{bullets(_repair(request, row) for row in rest)}" if rest else ""
    )
    return paragraphs(done, found) if repairs_first else paragraphs(found, done)


def _case(request: Request, case: Data) -> str:
    when = f"{case['when']}, " if case["when"] else ""
    machine = f"{case['machine']}: " if case["machine"] else ""
    text = (case.get("text") or {}).get("untrusted", "")
    detail = (
        f" — “{text[:140]}”"
        if case["kind"] in ("repair", "note", "document") and text and case["title"] not in text[:1]
        else ""
    )
    return f"{when}{machine}{case['title']}{detail}{cite(case)}"


def _repair(request: Request, row: Data) -> str:
    cost = f", {money(row['cost'], request.vocabulary.currency)}" if row["cost"] is not None else ""
    who = f", {row['technician']}" if row["technician"] else ""
    when = f"{row['when']}: " if row["when"] else ""
    return f"{when}{row['title']} ({row['machine']}, {row['status']}{who}{cost}){cite(row)}"


past = Intent(
    "past",
    "what was done to a machine before, and when something was seen",
    (
        "What was done to the capper before?",
        "When did we see cap jams before?",
        "Has this happened before?",
        "Repair history of the filler on line 2",
        "When was the chuck last replaced?",
    ),
    (
        (r"\b(seen?|saw|had|happen(ed)?|occur(red)?)\b.*\b(before|earlier|already|previously|last time)\b", 2.4),
        (
            r"\bwhen (did|have|was|were) (we|the|it|this|that)?\b.*\b(see|seen|saw|last|have|replaced|repaired|done|changed|fixed|serviced)\b",
            2.2,
        ),
        (r"\bwhat (was|has been|were|did \w+|have we|had been) (done|repaired|do|changed?)\b", 2.4),
        (r"\b(repair|maintenance|service) (history|record|log)\b|\bhistory of\b", 2.4),
        (r"\b(similar|same) (case|cases|problem|stop|stops|trouble)\b|\bsimilar\b", 1.8),
        (r"\blast (repair|repaired|replaced|serviced|maintenance|fixed)\b", 2.0),
        (
            r"\bhow (did we|was|were|did they)\b.*\b(fix|fixed|solve|solved|repair|repaired|mended)\b|\bever (seen|had|happened)\b",
            2.4,
        ),
        (r"\bwhat (fixed|helped|solved|worked)\b", 2.0),
        (r"\blast time\b|\bback then\b", 1.0),
        (r"\brepairs? (on|of|to|at)\b", 1.2),
        (r"\bshift before\b|\bbefore last\b", -1.5),
        (r"^(order|create|request|raise) ", -1.5),
    ),
    plan,
    word,
    "maintenance_planner",
)
