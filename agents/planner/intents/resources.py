"""Is there a spare part, and who can mend it?"""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, money, paragraphs
from mom import words


def plan(request: Request, seen: Seen) -> list[Call]:
    part = request.parts[0].key if request.parts else None
    return [Call("find_resources", {"equipment": None if part else request.where, "part": part})]


def word(request: Request, seen: Seen) -> str:
    data = seen.one("find_resources") or {"parts": [], "technicians": []}
    parts = bullets(_part(row, request.vocabulary.currency) for row in data["parts"][:8])
    people = [f"{row['name']} ({row['trade'] or 'no trade named'})" for row in data["technicians"][:8]]
    return paragraphs(
        parts or "No spare part of that kind is on record.", f"Technicians: {', '.join(people)}." if people else ""
    )


def _part(row: Data, currency: str) -> str:
    price = f", {money(row['price'], currency)}" if row["price"] is not None else ""
    lead = f", {words.number(row['lead_days'])} days to get more" if row["lead_days"] is not None else ""
    return f"{row['name']} ({row['part']}): {words.number(row['on_hand'], 0)} in stock{price}{lead}{cite(row)}"


resources = Intent(
    "resources",
    "spare parts in stock, and the technicians",
    ("Do we have a spare chuck?", "Which spare parts fit the filler?", "Who can repair the capper?"),
    (
        (r"\bspare\b|\bin stock\b|\bspare parts?\b|\bstock of\b", 2.2),
        (r"\bwho (can|could|is able to|may) (repair|fix|mend|service)\b|\bwhich technicians?\b|\btechnicians\b", 2.4),
        (r"\bdo we have (a|an|any|the)\b", 1.2),
        (r"^(order|replace|create)\b", -1.5),
    ),
    plan,
    word,
    "maintenance_planner",
)
