"""What should we do about it? A cause that the evidence carries becomes a proposal; else the next measurement is named."""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.intents.why import cause, chosen, last_day, titled
from agents.planner.request import Request
from agents.planner.saying import cite, loss, money, paragraphs
from agents.remedies import remedy

_OPEN = ("pending", "approved", "done")


def plan(request: Request, seen: Seen) -> list[Call]:
    number = request.refs.get("loss") or request.before.get("loss", "").removeprefix("loss:")
    if number and not seen.called("explain_loss"):
        return [Call("explain_loss", {"loss": f"loss:{number}"})]
    if not seen.called("explain_loss"):
        return _find(request, seen)
    diagnosis = seen.one("explain_loss")
    if (
        diagnosis is None
        or _proposed(diagnosis)
        or seen.called("propose_maintenance_order")
        or seen.called("propose_improvement_task")
    ):
        return []
    moments = request.vocabulary.moments
    wanted = remedy(diagnosis, moments.now, moments.zone)
    return [Call(f"propose_{wanted.action}", wanted.arguments(diagnosis["ref"]))] if wanted else []


def _find(request: Request, seen: Seen) -> list[Call]:
    if not seen.called("list_losses"):
        return [
            Call("list_losses", {"equipment": place, **(request.span() or last_day(request))})
            for place in request.places
        ]
    picked = chosen(request, seen)
    return [Call("explain_loss", {"loss": picked["ref"]})] if picked else []


def _proposed(diagnosis: Data) -> Data | None:
    return next((row for row in diagnosis["proposals"] if row["status"] in _OPEN), None)


def word(request: Request, seen: Seen) -> str:
    currency, diagnosis = request.vocabulary.currency, seen.one("explain_loss")
    if diagnosis is None:
        return "There is no loss on record to do anything about."
    rows = [row for data in seen.all("list_losses") for row in data["losses"] if row["ref"] == diagnosis["ref"]]
    head = f"{loss(rows[0], currency)}." if rows else f"{titled(diagnosis)}{cite(diagnosis)}."
    made = seen.one("propose_maintenance_order") or seen.one("propose_improvement_task")
    return paragraphs(head, cause(diagnosis, currency), _proposal(diagnosis, made, currency, seen))


def _proposal(diagnosis: Data, made: Data | None, currency: str, seen: Seen) -> str:
    if made:
        cost = f", {money(made['cost'], currency)}" if made["cost"] else ""
        return (
            f"I propose: **{made['title']}**{cost}{cite(made)}. It waits for a person's decision; nothing is done yet."
        )
    if earlier := _proposed(diagnosis):
        states = {"pending": "waits for a decision", "approved": "is approved", "done": "is done"}
        return f"Already proposed: {earlier['title']}, it {states[earlier['status']]}{cite(earlier)}."
    if seen.errors:
        return f"I could not write a proposal: {' '.join(seen.errors)}"
    return "I propose nothing yet: the evidence does not carry an action."


advice = Intent(
    "advice",
    "what should be done, as a proposal that waits for your decision",
    (
        "What should we do about it?",
        "How can we fix the scrap on line 1?",
        "What do you recommend for line 2?",
        "What can we do?",
        "Suggest a countermeasure",
    ),
    (
        (
            r"\bwhat (should|can|could|shall|do|would) (we|i|you) (do|recommend|suggest|change|propose)\b(?!.*\bask\b)",
            2.6,
        ),
        (r"\b(recommend\w*|suggest\w*|advise|advice|countermeasures?|remedy|remedies)\b", 2.0),
        (r"\bhow (can|do|could|should) (we|i) (fix|solve|improve|stop|avoid|prevent|reduce|get rid)\b", 2.4),
        (r"\bnext steps?\b|\bwhat now\b|\bwhat next\b", 1.8),
        (r"\babout it\b", 0.5),
        (r"\bwhat can (you|i) (do|ask)\b", -3.0),
        (r"\bwhat do i have to decide\b", -2.0),
    ),
    plan,
    word,
    "maintenance_planner",
)
