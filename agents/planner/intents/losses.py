"""What cost us most?"""

import re

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, loss, money, paragraphs
from mom import words

SHOWN = 5
_TOP = re.compile(r"\btop (\d{1,2})\b")
_COST_OF_IT = re.compile(r"\bcosts?\b.*\b(it|that|this)\b|\b(it|that|this)\b.*\bcosts?\b")
"""Of what was spoken of, in the time that was spoken of."""


def plan(request: Request, seen: Seen) -> list[Call]:
    span = request.span() or (request.span_before if _COST_OF_IT.search(request.text) else {})
    return [Call("list_losses", {"equipment": place, **span}) for place in request.places]


def word(request: Request, seen: Seen) -> str:
    return paragraphs(*(_one(request, data) for data in seen.all("list_losses")))


def _one(request: Request, data: Data) -> str:
    rows, currency = data["losses"], data["currency"]
    if not rows:
        return f"No loss was found ({data['window']})."
    first = f"Most was lost by {loss(rows[0], currency)}."
    many = "One loss" if data["count"] == 1 else f"Altogether {data['count']} losses"
    total = f"{many} cost {money(data['money_total'], currency)} ({data['window']})."
    kinds = "By kind: " + ", ".join(
        f"{kind['title'].lower()} {money(kind['money'], currency)} ({words.duration(kind['seconds'])})"
        for kind in data["by_kind"][:5]
    )
    top = _TOP.search(request.text)
    most = int(top.group(1)) if top else SHOWN
    return paragraphs(first, bullets(loss(row, currency) for row in rows[1:most]), f"{total} {kinds}.")


losses = Intent(
    "losses",
    "what cost most",
    (
        "What cost us most yesterday?",
        "Biggest losses on line 2 last week",
        "Where did we lose time since 6?",
        "What hurt us the most this shift?",
        "Top losses of the late shift",
    ),
    (
        (r"\b(cost|costs|costing)\b.*\b(most|more|us|much)\b|\bhow much\b.*\bcost\b", 1.8),
        (r"\bwhat (did|does|has|have|do)\b.*\b(cost|costs)\b", 1.6),
        (
            r"\b(biggest|largest|top|main|worst|dearest|major|key|most expensive)\b.*\b(loss(es)?|(problem|trouble|issue)s?)\b",
            2.0,
        ),
        (r"\b(loss|losses)\b", 1.0),
        (r"\bwhere (did|do|are|have|were) we (lose|losing|lost|been losing)\b", 2.0),
        (r"\b(what|how much)\b.*\b(lose|lost|losing|loose)\b", 1.8),
        (
            r"\b(eat|eats|eating|drain|drains|draining|kill|kills|killing|wast\w+)\b.*\b(margin|money|profit|time|us|oee)\b",
            1.4,
        ),
        (r"\b(hurt|hurts|hurting|pareto)\b", 1.5),
        (r"\blost (the )?most\b|\bmost (time|money)\b|\blosing\b", 1.5),
        (r"\bwhy\b|\bcause\b|\bexplain\b", -1.0),
        (r"\bcompare|\bvs\b|\bversus\b", -0.8),
    ),
    plan,
    word,
)
