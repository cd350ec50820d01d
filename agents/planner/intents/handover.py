"""Write the handover."""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, coverage, figure, loss, paragraphs, told
from mom import words


def plan(request: Request, seen: Seen) -> list[Call]:
    return [Call("get_handover", {"equipment": place, **request.span()}) for place in request.places]


def word(request: Request, seen: Seen) -> str:
    return paragraphs(*(_one(request, data) for data in seen.all("get_handover")))


def _one(request: Request, data: Data) -> str:
    shift = data["shift"]
    crew = f", crew {shift['crew']}" if shift and shift["crew"] else ""
    return paragraphs(
        f"**Handover, {data['window']}{crew}**",
        bullets(_line(line) for line in data["lines"]),
        _part("Cost most", [loss(row, data["currency"]) for row in data["losses"][:4]]),
        _part("Stands now", [f"{s['machine']} since {s['since']}: {s['reason']}{cite(s)}" for s in data["standing"]]),
        _part("Orders late or at risk", [_order(row) for row in data["orders_at_risk"]]),
        _part("Open repairs", [f"{row['title']} ({row['status']}){cite(row)}" for row in data["open_repairs"][:5]]),
        _part("Tasks due", [f"{row['title']}, {row['owner']}{cite(row)}" for row in data["tasks_due"]]),
        _part("Notes", [f"“{row['text']['untrusted'][:160]}”{cite(row)}" for row in data["notes"][:5] if row["text"]]),
        f"Proposals that wait for a decision: {data['waiting_proposals']}.",
    )


def _line(line: Data) -> str:
    oee, good, scrap = (figure(line["figures"], name) for name in ("oee", "good", "scrap"))
    pieces = f"{words.number(good['value'], 0)} good" if good and good["value"] is not None else "pieces not known"
    bad = f", {words.number(scrap['value'], 0)} scrapped" if scrap and scrap["value"] is not None else ""
    return f"{line['line']}: {pieces}{bad}, OEE {told(oee)}{coverage(oee)}"


def _part(title: str, rows: list[str]) -> str:
    return f"{title}:\n{bullets(rows)}" if rows else ""


def _order(row: Data) -> str:
    late = f" by {words.duration(row['late_seconds'])}" if row.get("late_seconds") else ""
    return f"{row['order']}, {row['product']}, due {row['due']}: {row['risk']}{late}{cite(row)}"


handover = Intent(
    "handover",
    "the handover of a shift",
    (
        "Write the handover",
        "Handover for the late shift",
        "Summarise the shift",
        "What does the next shift need to know?",
        "Shift summary",
    ),
    (
        (r"\bhand[- ]?over\b|\bhand over\b", 2.6),
        (
            r"\b(summar\w+|sum up|recap|wrap[- ]?up)\b.*\b(shift|day|night|morning)\b|\bshift (summary|report|recap)\b",
            2.4,
        ),
        (r"\bnext (shift|crew)\b.*\bknow\b", 2.4),
        (r"^was\b.*\b(shift|night|day)\b.*\b(good|bad|ok|okay|fine|calm|quiet)\b", 2.0),
        (r"\b(summar\w+|recap)\b", 1.1),
        (r"\bhow (did|was|were)\b.*\b(shift|day|night|crew|week|yesterday|morning)\b", 1.8),
        (r"\bneed to know\b|\bwhat did i miss\b|\bbring me up to (date|speed)\b", 1.8),
    ),
    plan,
    word,
)
