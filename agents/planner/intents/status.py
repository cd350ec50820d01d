"""How is the line now?"""

from typing import Any

from agents.planner.intent import Call, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, coverage, figure, paragraphs, told
from mom import words

_WORDS = {"starved": "waits for bottles", "blocked": "is blocked by what follows", "set-up": "is in set-up"}


def plan(request: Request, seen: Seen) -> list[Call]:
    return [Call("get_line_status", {"equipment": place}) for place in request.places]


def word(request: Request, seen: Seen) -> str:
    lines = [line for data in seen.all("get_line_status") for line in data["lines"]]
    machine = next((n for n in request.equipment if n.line != n.key), None)
    return (
        paragraphs(*(_line(line, machine.key if machine else None) for line in lines)) or "There is no line to look at."
    )


def _line(line: dict[str, Any], machine: str | None) -> str:
    chosen = [m for m in line["machines"] if m["equipment"] == machine]
    top = next((m for m in line["machines"] if m["machine"] == line["constraint"]), line["machines"][0])
    first = f"**{line['line']}**: {_machine(chosen[0] if chosen else top)}."
    making = f"It makes {line['product']}, order {line['order']}." if line["order"] and line["product"] else ""
    if line["product"] and not line["order"]:
        making = f"It makes {line['product']}."
    others = [m for m in line["machines"] if not m.get("runs") and m is not (chosen or [top])[0]]
    oee, good = figure(line["figures"], "oee"), figure(line["figures"], "good")
    parts = ["availability", "effectiveness", "quality_ratio"]
    split = ", ".join(
        f"{f['title'].lower()} {told(f)}" for n in parts if (f := figure(line["figures"], n)) and f["value"] is not None
    )
    shift = f"OEE of this shift so far: {told(oee)}{coverage(oee)}" + (
        f" ({split})." if split and oee and oee["value"] is not None else "."
    )
    made = f"Good so far: {words.number(good['value'], 0)}." if good and good["value"] is not None else ""
    return paragraphs(" ".join(t for t in (first, making, shift, made) if t), bullets(_machine(m) for m in others))


def _machine(machine: dict[str, Any]) -> str:
    """`Capper 2 stands since 14:02 (6 min): cap jam [stop:12]`."""
    name, stop = machine["machine"], machine.get("stop")
    if stop:
        return f"{name} stands since {stop['since']} ({words.duration(stop['seconds'])}): {stop['reason']}{cite(stop)}"
    if machine["state"] in ("unknown", "Unknown"):
        since = f" since {machine['since']}" if machine.get("since") else ""
        return f"{name}: I cannot tell, nothing was heard of it{since}"
    said = "runs" if machine.get("runs") else _WORDS.get(machine["state"], f"is {machine['state'].lower()}")
    return f"{name} {said} since {machine['since']}{cite(machine)}"


status = Intent(
    "status",
    "how a line or machine is now",
    (
        "How is line 1 now?",
        "What is going on at the capper?",
        "Is line 2 running?",
        "Status of all lines",
        "Which order is running?",
    ),
    (
        (
            r"\bhow('s| is| are| does| do)\b.*\b(line|lines|it|machine|filler|now|doing|going|things|we|look\w*|run\w*)\b",
            1.2,
        ),
        (r"\bdoing\b", 1.0),
        (r"^how('s| is| are)\b", 0.7),
        (r"\b(status|current state|state of)\b", 1.5),
        (r"\bwhat('s| is)? (going on|happening|up)\b", 1.5),
        (r"^(is|are)\b.*\b(running|up|down|working|standing|producing|stopped|ok|okay|fine)\b", 1.6),
        (r"\b(right now|at the moment|currently|now)\b", 0.6),
        (r"\b(which|what) (order|product)s?\b.*\b(running|made|making|on|producing)\b", 2.2),
        (r"\bwhat (are we|is it|is the line|do we|is \w+ \w+) (making|make|running|producing|filling)\b", 1.8),
        (r"\b(order|orders|task|tasks|improvement)\b", -0.9),
        (r"\boee\b|\bscrap\b|\bcompared?\b|\bmost\b", -0.8),
    ),
    plan,
    word,
    place=0.4,
)
