"""What is waiting for me?"""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, money, paragraphs


def plan(request: Request, seen: Seen) -> list[Call]:
    if any(word in request.text for word in ("decided", "approved", "rejected", "carried out", "became of")):
        return [Call("list_decided_proposals")]
    return [Call("list_waiting_proposals")]


def word(request: Request, seen: Seen) -> str:
    if decided := seen.one("list_decided_proposals"):
        return _decided(decided)
    data = seen.one("list_waiting_proposals") or {"proposals": [], "all_waiting": 0, "count": 0}
    if not data["proposals"]:
        others = data["all_waiting"]
        return "Nothing waits for you." + (f" {others} proposals wait for others." if others else "")
    rows = [_proposal(row, request.vocabulary.currency) for row in data["proposals"][:8]]
    one = data["count"] == 1
    head = f"{data['count']} proposal{'' if one else 's'} wait{'s' if one else ''} for you, the first to expire on top."
    return paragraphs(head, bullets(rows))


def _proposal(row: Data, currency: str) -> str:
    cost = f", {money(row['cost'], currency)}" if row["cost"] else ""
    return f"{row['title']}{cost}, expires {row['expires']}{cite(row)}"


def _decided(data: Data) -> str:
    rows = [
        f"{row['title']}: {'approved' if row['approved'] else 'rejected'} {row['at']}"
        f"{', ' + row['outcome'] if row['outcome'] else ''}{': ' + row['reason'] if row['reason'] else ''}{cite(row)}"
        for row in data["proposals"]
    ]
    return paragraphs("Decided last:", bullets(rows)) if rows else "Nothing was decided yet."


waiting = Intent(
    "waiting",
    "what waits for your decision",
    (
        "What is waiting for me?",
        "Anything to approve?",
        "Show pending proposals",
        "What do I have to decide?",
        "What was approved?",
    ),
    (
        (r"\bwaiting (for|on) (me|us|approval|a decision|my)\b|\bwaits for (me|us)\b", 2.4),
        (r"\b(to|need to|must|should i|can i) (approve|decide|sign)\b", 2.0),
        (r"\b(pending|open|waiting|outstanding)\b.*\b(proposals?|approvals?|decisions?)\b", 2.2),
        (r"\bmy (approvals?|decisions?|proposals?|inbox|to-?do)\b|\binbox\b", 2.2),
        (r"\bproposals?\b|\bapprovals?\b", 1.4),
        (r"\b(approved|rejected|decided)\b", 1.2),
        (r"\bwhat('s| is| do i have) (on my|in my|for me|to do)\b", 1.4),
    ),
    plan,
    word,
)
