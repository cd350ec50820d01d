"""What drifts, does a sensor lie, what is wrong right now?"""

import re

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, paragraphs
from mom.losses.loss import LossKind


def plan(request: Request, seen: Seen) -> list[Call]:
    return [Call("list_conditions", {"equipment": place, **request.span()}) for place in request.places]


def word(request: Request, seen: Seen) -> str:
    return paragraphs(*(paragraphs(_sensors(request, data), _one(data)) for data in seen.all("list_conditions")))


def _sensors(request: Request, data: Data) -> str:
    """Where sensors were asked about, first of all these."""
    lying = [row for row in data["conditions"] if row["kind"] == LossKind.lying_sensor and row["still"]]
    if lying or not data["conditions"] or not re.search(r"\bsensors?\b|\btrust\b", request.text):
        return ""
    return f"No sensor is known to lie ({data['window']})."


def _one(data: Data) -> str:
    rows = data["conditions"]
    if not rows:
        return (
            f"Nothing drifts, no sensor is known to lie, every counter counts, every link is heard ({data['window']})."
        )
    lasting = [row for row in rows if row["still"]]
    over = [row for row in rows if not row["still"]]
    now = f"Right now:\n{bullets(_said(row) for row in lasting[:8])}" if lasting else "Nothing of the kind lasts."
    then = f"It was there and is over ({data['window']}):\n{bullets(_said(row) for row in over[:8])}" if over else ""
    return paragraphs(now, then)


def _said(row: Data) -> str:
    when = f"since {row['started']}" if row["still"] else f"{row['started']} to {row['ended']}"
    how = f", {row['level']} where {row['norm']} is its norm" if row.get("level") and row.get("norm") else ""
    led = "; it led to a loss" if row["sign_of"] else ""
    return f"{row['title']}, {when}{how}{led}{cite(row)}"


conditions = Intent(
    "conditions",
    "what drifts and which sensors lie",
    (
        "Is any sensor lying?",
        "What drifts on line 2?",
        "Is any signal off its norm?",
        "Which counters stand still?",
        "Is any link silent?",
        "Can we trust the sensors?",
    ),
    (
        (r"\bdrift(s|ing|ed)?\b", 2.2),
        (r"\b(sensor|sensors)\b.*\b(lie|lies|lying|wrong|frozen|trust|off|broken|bad)\b", 2.4),
        (
            r"\b(lying|frozen|broken|bad|wrong)\b.*\bsensors?\b|\btrust\b.*\b(sensor|sensors|signal|signals|reading|readings)\b",
            2.4,
        ),
        (r"\bcounters?\b.*\b(stand|stands|still|stuck|count)\b|\bstuck counters?\b", 2.2),
        (r"\blinks?\b.*\b(silent|lost|down|dead)\b|\bsilent\b.*\blinks?\b", 2.2),
        (r"\b(signal|signals|readings?)\b.*\b(off|norm|odd|strange|unusual)\b", 2.0),
        (r"\bearly warnings?\b|\bbefore it (costs|breaks)\b", 2.0),
        (r"\bwhy\b|\bcause\b|\bexplain\b", -1.0),
    ),
    plan,
    word,
)
