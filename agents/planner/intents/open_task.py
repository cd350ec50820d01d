"""Open an improvement task against a loss."""

import re
from datetime import timedelta

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.intents.repair import proposed
from agents.planner.request import Request
from agents.planner.saying import loss, paragraphs

_LEAD = re.compile(r"^.*?\b(task|action|project|measure)\b\s*(for|to|about|against|on|:|that|which)?\s*", re.IGNORECASE)
_DAYS = 7


def plan(request: Request, seen: Seen) -> list[Call]:
    if number := request.refs.get("loss"):
        if not seen.called("explain_loss"):
            return [Call("explain_loss", {"loss": f"loss:{number}"})]
    elif not seen.called("list_losses"):
        zone, now = request.vocabulary.moments.zone, request.vocabulary.moments.now
        window = request.span() or {"start": (now - timedelta(days=_DAYS)).astimezone(zone).isoformat()}
        return [Call("list_losses", {"equipment": place, **window}) for place in request.places]
    against = _against(request, seen)
    if against is None or seen.called("propose_improvement_task"):
        return []
    return [Call("propose_improvement_task", _arguments(request, against))]


def _against(request: Request, seen: Seen) -> Data | None:
    """The loss that was named, by number or in words; else the dearest of the place."""
    if explained := seen.one("explain_loss"):
        return explained
    rows = [row for data in seen.all("list_losses") for row in data["losses"]]
    spoken = set(re.findall(r"[a-z]{4,}", request.text)) - {"task", "open", "improvement", "create", "line"}
    scored = [
        (len(spoken & set(re.findall(r"[a-z]{4,}", f"{r['title']} {r['reason']} {r['kind']}".lower()))), r)
        for r in rows
    ]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


def _arguments(request: Request, against: Data) -> dict[str, object]:
    raw = request.raw.split(" (equipment")[0].split(" (window")[0].strip().rstrip(".?!")
    wish = _LEAD.sub("", raw).strip()
    title = wish[:1].upper() + wish[1:] if len(wish) > 6 else f"Lessen: {against['title']}"
    moments = request.vocabulary.moments
    ahead = [when.window.start for when in request.whens if when.window.start > moments.now]
    due = ahead[0].astimezone(moments.zone).date() if ahead else moments.today + timedelta(days=_DAYS)
    task = {"title": title[:160], "countermeasure": f"{raw}.", "owner": _owner(raw), "due_on": due.isoformat()}
    return {
        "action": task,
        "rationale": f"Asked for by a person: “{raw}”. It is against {against['title']}, {against['machine']}.",
        "expected_effect": f"Less of “{against['title']}”; measured on the check date.",
        "evidence": [against["ref"]],
        "loss": against["ref"],
    }


def _owner(raw: str) -> str:
    named = re.search(
        r"\b(?:owner|assign(?:ed)? to|given to|responsible:?)\s+([A-Z][\w.-]+(?: [A-Z][\w.-]+)?|\w+)", raw
    )
    return named.group(1) if named else "supervisor"


def word(request: Request, seen: Seen) -> str:
    if made := seen.one("propose_improvement_task"):
        rows = [row for data in seen.all("list_losses") for row in data["losses"]]
        against = _against(request, seen)
        told = f"It is against {loss(against, request.vocabulary.currency)}." if against in rows and against else ""
        return paragraphs(proposed(made, request.vocabulary.currency).replace("ordered", "opened"), told)
    if seen.called("propose_improvement_task"):
        return f"I could not propose that: {' '.join(seen.errors)}"
    return "A task is opened against a loss, and none is on record there. Name another line or an earlier time."


open_task = Intent(
    "open_task",
    "open an improvement task, as a proposal",
    (
        "Open a task to shorten the change-over on line 2",
        "Create an improvement task for the cap jams",
        "Start an improvement project on scrap of line 1",
        "Make a task: train the night crew at the packer",
    ),
    (
        (r"\b(open|create|make|start|add|raise|set up|write|new)\b.*\b(task|action|improvement|project)\b", 3.0),
        (r"^task:", 2.4),
        (r"\b(maintenance|repair|work) (order|request)\b", -2.0),
        (r"^(show|list|which|what|how)\b", -1.8),
        (r"\bopen tasks\b", -2.0),
    ),
    plan,
    word,
    "improvement_coach",
)
