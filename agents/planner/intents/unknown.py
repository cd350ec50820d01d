"""What was not understood is said, with what can be asked instead."""

from agents.planner.intent import Call, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, paragraphs

_OFFERS = (
    "what is wrong right now, and how a line or machine is: “How is {line} now?”",
    "why something stopped: “Why did {machine} stop?”",
    "what cost most: “What cost us most yesterday?”",
    "two periods, lines, shifts or crews beside each other: “Compare this week with last week on {line}”",
    "scrap by reason, and OEE or any other figure: “Scrap on {line} this week”",
    "which machine holds a line back, what drives scrap, whether a process is capable, energy by the bottle",
    "which orders are late or at risk",
    "what was done before, and when something was seen: “When did we see cap jams before?”",
    "what should be done, as a proposal that you decide: a repair, a task, another place for an order",
    "what waits for you, how the tasks are doing, and the handover of a shift",
)


def abilities(request: Request) -> str:
    names = request.vocabulary
    line = names.lines[0].name if names.lines else "the line"
    machine = next((n.name for n in names.equipment.values() if n.line != n.key), "the machine")
    return paragraphs("You can ask me:", bullets(offer.format(line=line, machine=machine) for offer in _OFFERS))


def plan(request: Request, seen: Seen) -> list[Call]:
    return []


def word(request: Request, seen: Seen) -> str:
    parts = [named.name for named in request.equipment] + [when.label.partition(",")[0] for when in request.whens]
    understood = f" I understood {', '.join(parts)}, but not what you want to know of it." if parts else ""
    return paragraphs(f"I did not understand that.{understood}", abilities(request))


unknown = Intent("unknown", "", (), (), plan, word)
