"""Which stops were there?"""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, paragraphs
from mom import words


def plan(request: Request, seen: Seen) -> list[Call]:
    return [Call("list_stops", {"equipment": place, **request.span()}) for place in request.places]


def word(request: Request, seen: Seen) -> str:
    return paragraphs(*(_one(request, data) for data in seen.all("list_stops")))


def _one(request: Request, data: Data) -> str:
    if not data["stops"]:
        return f"Nothing stopped at {request.place_name} ({data['window']})."
    head = f"{data['count']} stops, {words.duration(data['seconds'])} together ({data['window']}). By reason:"
    reasons = [
        f"{row['reason']} at {row['machine']}: {row['count']} times, {words.duration(row['seconds'])}"
        for row in data["by_reason"][:6]
    ]
    top = data["stops"][0]
    so_far = " so far" if top["still"] else ""
    longest = f"The longest: {top['machine']}, {top['started']}, {words.duration(top['seconds'])}{so_far}: {top['reason']}{cite(top)}."
    return paragraphs(head, bullets(reasons), longest)


stops = Intent(
    "stops",
    "the stops of a line or machine",
    (
        "List the stops of line 1 today",
        "How often did the capper stop?",
        "How long did line 2 stand yesterday?",
        "Downtime last week",
    ),
    (
        (
            r"\b(list|show|which|what|all|how many|how often|how long)\b.*\b(stops?|stopped|stand|stood|downtimes?|down)\b",
            2.0,
        ),
        (r"\b(down ?time|standstills?|stoppages?|minor stops)\b", 1.8),
        (r"\bstops\b", 1.1),
        (r"\bwhy\b|\bcause\b|\breason for\b|\bbefore\b", -1.2),
        (r"\bcost\b", -0.8),
    ),
    plan,
    word,
    "loss_analyst",
)
