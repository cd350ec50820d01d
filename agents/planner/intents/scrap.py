"""Scrap by reason."""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, money, paragraphs
from mom import words


def plan(request: Request, seen: Seen) -> list[Call]:
    by = next((by for by, cue in _BY if cue in request.text), "reason")
    return [
        Call("get_scrap", {"equipment": place, "by": by, "product": request.product, **request.span()})
        for place in request.places
    ]


_BY = (
    ("machine", "by machine"),
    ("machine", "which machine"),
    ("product", "by product"),
    ("product", "which product"),
    ("shift", "by shift"),
    ("shift", "which shift"),
)


def word(request: Request, seen: Seen) -> str:
    crew = "Scrap is not split by crew; ask for a shift, or compare the crews." if request.crews else ""
    return paragraphs(*(_one(request, data) for data in seen.all("get_scrap")), crew)


def _one(request: Request, data: Data) -> str:
    if not data["rows"]:
        return f"No scrap was counted ({data['window']})."
    currency = request.vocabulary.currency
    ratio = f", {words.percent(data['scrap_ratio'], 2)} of what entered" if data["scrap_ratio"] is not None else ""
    cost = f", material {money(data['money_total'], currency)}" if data["money_total"] else ""
    head = f"{words.number(data['scrap_total'], 0)} pieces were scrapped{ratio}{cost} ({data['window']})."
    rows = [
        f"{row['name']}: {words.number(row['scrap'], 0)} ({words.percent(row['share'])})" for row in data["rows"][:6]
    ]
    return paragraphs(head, bullets(rows))


scrap = Intent(
    "scrap",
    "scrap by reason, machine, product or shift",
    (
        "Scrap by reason on line 1 last week",
        "How many rejects did we have yesterday?",
        "How much waste on the late shift?",
        "Which machine scraps most?",
        "Scrap of orange juice this week",
    ),
    (
        (r"\bscrap\w*\b", 2.0),
        (r"\brejects?\b|\brejected\b|\bdefects?\b|\bdefective\b", 1.8),
        (r"\bhow (much|many)\b.*\b(scrap\w*|rejects?|waste)\b", 1.4),
        (r"\bwhich (machine|product|shift)\b.*\b(scrap\w*|rejects?|waste)\b", 1.0),
        (r"\bwaste\b|\bwasted\b|\bthr(ew|own) (away|out)\b|\bbad bottles\b", 1.7),
        (r"\bwhy\b|\bcause\b|\bexplain\b|\bcompare", -1.2),
        (r"\bbefore\b", -0.4),
    ),
    plan,
    word,
    "loss_analyst",
)
