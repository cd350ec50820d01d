"""Order a repair."""

import re
from datetime import timedelta

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import cite, money, paragraphs

_VERBS = (
    "replace",
    "change",
    "adjust",
    "clean",
    "inspect",
    "check",
    "grease",
    "lubricate",
    "calibrate",
    "tighten",
    "repair",
    "service",
)
_LOOK_BACK = timedelta(days=7)


def plan(request: Request, seen: Seen) -> list[Call]:
    machine = _machine(request)
    if not seen.called("list_losses"):
        start = (request.vocabulary.moments.now - _LOOK_BACK).astimezone(request.vocabulary.moments.zone).isoformat()
        return [
            Call("list_losses", {"equipment": request.where, "start": start}),
            Call("list_maintenance", {"equipment": request.where, "status": "open"}),
        ]
    if machine is None or seen.called("propose_maintenance_order"):
        return []
    return [Call("propose_maintenance_order", _arguments(request, seen, machine))]


def _machine(request: Request) -> str | None:
    """The machine that was named, else the only one (of the line) that has the part that was named."""
    units = [named for named in request.equipment if named not in request.vocabulary.lines]
    if units:
        return units[0].key
    inside = [path for path, parts in request.vocabulary.parts.items() if _part(request) in parts]
    if request.where:
        inside = [path for path in inside if path.startswith(f"{request.where}/")]
    return inside[0] if len(inside) == 1 else None


def _part(request: Request) -> str | None:
    return request.parts[0].key if request.parts else None


def _arguments(request: Request, seen: Seen, machine: str) -> dict[str, object]:
    part, verb = _part(request), next((v for v in _VERBS if re.search(rf"\b{v}", request.text)), "repair")
    name = request.vocabulary.equipment[machine].name
    title = f"{verb.capitalize()} the {part}" if part else _title(request, verb)
    losses = [row for data in seen.all("list_losses") for row in data["losses"] if row["machine"] == name]
    top = losses[0] if losses else None
    asked = f"Asked for by a person: “{request.raw.split(' (equipment')[0].strip()}”."
    found = (
        f" On record there in the last 7 days: {top['title']}."
        if top
        else " No loss of this machine is on record for the last 7 days."
    )
    order = {
        "title": title,
        "equipment": machine,
        "part": part,
        "kind": "inspection" if verb in ("inspect", "check") else "corrective",
    }
    order |= {"text": asked, "planned_at": _planned(request)}
    return {
        "action": {key: value for key, value in order.items() if value is not None},
        "rationale": asked + found,
        "expected_effect": f"Ends or lessens “{top['title']}”, if that is the cause."
        if top
        else "Not known: no loss is tied to it.",
        "evidence": [top["ref"]] if top else [],
        **({"loss": top["ref"]} if top else {}),
    }


def _title(request: Request, verb: str) -> str:
    """`Check the torque`; where the machine itself is meant, the verb alone: its name follows."""
    found = re.search(
        rf"\b{verb}\w*\s+((?:the|its)\s+[\w -]+?)(?:\s+(?:on|of|at|in|for|tomorrow|today|by)\b|[.?!]|$)", request.text
    )
    thing = found.group(1) if found else ""
    is_machine = any(
        name in thing for name, meant in request.vocabulary.names.items() if any(n.kind == "equipment" for n in meant)
    )
    return f"{verb.capitalize()} {thing}" if thing and not is_machine else f"{verb.capitalize()} as asked"


def _planned(request: Request) -> str | None:
    """A time that lies ahead, when one was named."""
    ahead = [when.window.start for when in request.whens if when.window.start > request.vocabulary.moments.now]
    return ahead[0].astimezone(request.vocabulary.moments.zone).isoformat() if ahead else None


def word(request: Request, seen: Seen) -> str:
    if made := seen.one("propose_maintenance_order"):
        return paragraphs(proposed(made, request.vocabulary.currency), _open(seen))
    if seen.called("propose_maintenance_order"):
        return f"I could not propose that: {' '.join(seen.errors)}"
    part = _part(request)
    thing = f"the {part}" if part else "what"
    return paragraphs(
        f"Which machine is meant? Say for example: “Replace {thing} on the capper of line 2”.", _open(seen)
    )


def proposed(made: Data, currency: str) -> str:
    cost = f", {money(made['cost'], currency)}" if made["cost"] else ""
    return (
        f"I propose: **{made['title']}**{cost}{cite(made)}. It waits for a person's decision; nothing is ordered yet."
    )


def _open(seen: Seen) -> str:
    rows = [row for data in seen.all("list_maintenance") for row in data["orders"]][:3]
    named = "; ".join(f"{row['title']} ({row['status']}){cite(row)}" for row in rows)
    return f"Already open there: {named}." if rows else ""


repair = Intent(
    "repair",
    "order a repair, as a proposal",
    (
        "Order a repair of the capper on line 2",
        "Replace the chuck on line 2",
        "Create a maintenance order for the filler",
        "Get maintenance to check the labeller on line 1",
        "Please fix the gripper head",
    ),
    (
        (
            r"\border (a|an|the|some)?\s*\w*\s*(repair|maintenance|replacement|inspection|service|technician|mechanic)\b",
            3.0,
        ),
        (
            r"\b(create|open|raise|make|write|request|place|submit)\b.*\b(maintenance|work|repair) (order|request|job)\b",
            3.4,
        ),
        (r"^(please )?(replace|repair|fix|adjust|clean|inspect|service|grease|calibrate|tighten|lubricate)\b", 2.6),
        (r"\b(tell|ask|notify|inform)\b.*\b(maintenance|mechanics?|technicians?|electricians?)\b", 2.6),
        (
            r"\b(get|have|let|send|call)\b.*\b(maintenance|mechanic|technician|electrician|repaired|replaced|fixed|checked)\b",
            2.4,
        ),
        (
            r"\b(must|should|needs? to) be (replaced|repaired|fixed|adjusted|checked|serviced)\b|\bneeds? (a )?(repair|service|new)\b",
            2.4,
        ),
        (r"\border (a|an|some|the) (new )?\w+", 0.8),
        (r"\bwhen\b|\bhistory\b|\bbefore\b|\bwhy\b|\bhow (can|do|did)\b", -1.8),
    ),
    plan,
    word,
    "maintenance_planner",
)
