"""Move an order."""

import re
from datetime import timedelta

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.intents.repair import proposed
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, paragraphs


def plan(request: Request, seen: Seen) -> list[Call]:
    number = _order(request, seen)
    if number is None:
        return [] if seen.called("list_orders") else [Call("list_orders", {"only": "at_risk"})]
    if not seen.called("get_schedule_options"):
        later = _later(request)
        wanted = {"event": "material_late", "until": later} if later else {"line": request.where}
        return [Call("get_schedule_options", {"order": number, **wanted})]
    option = _best(seen)
    if option is None or seen.called("propose_schedule_change"):
        return []
    asked = request.raw.split(" (equipment")[0].strip()
    where = f" to {request.place_name}" if request.where else " forward"
    verb = f"Postpone order {number}" if _later(request) else f"Move order {number}{where}"
    change = {"title": verb, "reason": option["reason"], "moves": option["moves"]}
    return [
        Call(
            "propose_schedule_change",
            {
                "action": change,
                "rationale": f"Asked for by a person: “{asked}”. {option['told']}",
                "expected_effect": option["told"],
                "evidence": option["refs"],
                "alternatives": [other["title"] for other in _others(seen, option)][:3],
            },
        )
    ]


def _later(request: Request) -> str | None:
    """An order that is put off begins at the time that was named, else not before tomorrow."""
    if not re.search(r"\b(postpone|later|delay|push back|put off)\b", request.text):
        return None
    moments = request.vocabulary.moments
    ahead = [when.window.start for when in request.whens if when.window.start > moments.now]
    return (ahead[0] if ahead else moments.now + timedelta(days=1)).astimezone(moments.zone).isoformat()


def _order(request: Request, seen: Seen) -> str | None:
    if request.orders:
        return request.orders[0].key
    late = [row for data in seen.all("list_orders") for row in data["orders"] if not row["running"]]
    return late[0]["order"] if late else None


def _options(seen: Seen) -> list[Data]:
    return [option for data in seen.all("get_schedule_options") for option in data["options"]]


def _best(seen: Seen) -> Data | None:
    return next((option for option in _options(seen) if option["moves"]), None)


def _others(seen: Seen, chosen: Data) -> list[Data]:
    return [option for option in _options(seen) if option is not chosen]


def word(request: Request, seen: Seen) -> str:
    if made := seen.one("propose_schedule_change"):
        others = [f"{option['title']}: {option['told']}" for option in _others(seen, _best(seen) or {})][:2]
        also = f"Another way:\n{bullets(others)}" if others else ""
        told = (_best(seen) or {}).get("told", "")
        return paragraphs(proposed(made, request.vocabulary.currency).replace("ordered", "moved"), told, also)
    if seen.called("propose_schedule_change"):
        return f"I could not propose that: {' '.join(seen.errors)}"
    if data := seen.one("get_schedule_options"):
        return str(data.get("note") or "There is no better place for it.")
    rows = [row for data in seen.all("list_orders") for row in data["orders"]][:5]
    named = bullets(f"{row['order']}, {row['product']}, due {row['due']}{cite(row)}" for row in rows)
    return (
        paragraphs("Which order is meant?", named) if rows else "No order is late or at risk. Name the order to move."
    )


move_order = Intent(
    "move_order",
    "move an order, as a proposal",
    (
        "Move order PO-1042 to line 2",
        "Bring order PO-1042 forward",
        "Postpone the late order",
        "Reschedule PO-1042",
        "Swap the next two orders",
    ),
    (
        (
            r"\b(move|bring|put|push|pull|shift|swap|switch)\b.*\b(orders?|forward|ahead|earlier|later|first|next|to line)\b",
            2.6,
        ),
        (r"\b(reschedule|re-?plan|postpone|prioriti[sz]e|expedite)\b", 2.4),
        (r"\bchange the (schedule|plan|sequence)\b", 2.4),
    ),
    plan,
    word,
    "scheduler",
)
