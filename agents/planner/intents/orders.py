"""Which orders are late or at risk?"""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, paragraphs
from mom import words

_RISK = ("late", "risk", "behind", "delay", "overdue", "trouble", "not make", "in time", "on time", "make it", "miss")


def plan(request: Request, seen: Seen) -> list[Call]:
    number = request.orders[0].key if request.orders else None
    only = "at_risk" if any(word in request.text for word in _RISK) and not number else "all"
    only = "running" if "running" in request.text and not number else only
    places: list[str | None] = [None] if number else request.places
    return [
        Call("list_orders", {"equipment": place, "only": only, "order": number, "product": request.product})
        for place in places
    ]


def word(request: Request, seen: Seen) -> str:
    return paragraphs(*(_one(request, data) for data in seen.all("list_orders")))


def _one(request: Request, data: Data) -> str:
    rows = data["orders"]
    if not rows and request.orders:
        return f"There is no order {request.orders[0].key}."
    if not rows:
        none = "No order is late or at risk" if data["only"] in ("late", "at_risk") else "No order is open"
        return f"{none}: {data['open']} are open." if data["open"] else f"{none}."
    late = [row for row in rows if row["risk"] == "late"]
    risky = [row for row in rows if row["risk"] == "at risk"]
    if data["only"] == "at_risk":
        head = f"{len(late)} of {data['open']} open orders are late, {len(risky)} at risk."
    else:
        head = f"{data['count']} orders." if len(rows) > 1 else ""
    return paragraphs(head, bullets(_order(row) for row in rows[:8]))


def _order(row: Data) -> str:
    made = (
        f"{words.number(row['good'], 0)} of {words.number(row['quantity'], 0)} made"
        if row["good"]
        else words.number(row["quantity"], 0)
    )
    where = f" on {row['line']}" if row["line"] else ""
    due = f", due {row['due']}" if row["due"] else ""
    expected = f", expected {row['expected']}" if row["expected"] else ""
    late = f" by {words.duration(row['late_seconds'])}" if row.get("late_seconds") else ""
    material = f", material {row['material']}" if row.get("material") else ""
    return f"Order {row['order']}, {row['product']}{where}: {made}{due}{expected}: **{row['risk']}{late}**{material}{cite(row)}"


orders = Intent(
    "orders",
    "which orders are late or at risk",
    (
        "Which orders are late?",
        "Are any orders at risk?",
        "Will we make it on time with order PO-1042?",
        "What is due tomorrow?",
        "Show the open orders of line 2",
    ),
    (
        (r"\b(what|which|anything) is (late|due|overdue|delayed)\b", 0.6),
        (r"\b(are|is|am) (we|i|it|line \d)\b.*\b(behind|on track|on schedule|on target|late)\b", 1.6),
        (r"\b(which|what|any) orders\b", 0.7),
        (r"\borders?\b", 1.0),
        (r"\b(late|at risk|behind schedule|overdue|delayed|on time|in time|due)\b", 1.0),
        (r"\bwill we (make|finish|manage)\b|\bdeliver\w*\b", 1.2),
        (r"\b(move|shift|swap|postpone|bring|put|reschedule|push|pull) ", -1.5),
        (r"\b(repair|maintenance|work) orders?\b|\border (a|an|the|some|new|spare)\b", -2.0),
        (r"\b(late|last|early|night) shift\b|\blate crew\b", -0.9),
        (r"\btasks?\b", -0.8),
        (r"\b(running|making)\b", -0.3),
    ),
    plan,
    word,
)
