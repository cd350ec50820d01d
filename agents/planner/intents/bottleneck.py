"""What holds the line back, and what would it bring to speed a machine up?"""

import re

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, listed, money, paragraphs
from mom import words

PER_CENT = re.compile(r"\b(\d{1,2}(?:\.\d)?) ?(?:%|per ?cent)")
OTHERS = 3


def plan(request: Request, seen: Seen) -> list[Call]:
    said = PER_CENT.search(request.text)
    faster = {"faster": float(said.group(1))} if said and float(said.group(1)) > 0 else {}
    return [Call("find_bottleneck", {"equipment": place, **faster, **request.span()}) for place in request.places]


def word(request: Request, seen: Seen) -> str:
    return paragraphs(*(_line(request, data, line) for data in seen.all("find_bottleneck") for line in data["lines"]))


def _line(request: Request, data: Data, line: Data) -> str:
    first = line["bottleneck"]
    if first is None:
        return (
            f"{line['line']}: I cannot tell what holds it back ({data['window']}); missing: {listed(line['missing'])}."
        )
    return paragraphs(_who(data, line, first), _groups(line), _relief(request, data, line))


def _who(data: Data, line: Data, first: Data) -> str:
    share = words.percent(first["share"], 0)
    if line["limit"] == "orders":
        gone = words.percent(line["without_order"], 0)
        head = (
            f"{line['line']} had no order to run for {gone} of its time ({data['window']}): its orders hold it back, not a "
            f"machine. While it ran, {first['machine']} set the pace for {share} of the time."
        )
    else:
        is_, it = ("are", "they") if len(first["equipment"]) > 1 else ("is", "it")
        head = (
            f"{first['machine']} {is_} the bottleneck of {line['line']}: {it} held the line back for {share} of the time "
            f"that it ran ({data['window']})."
        )
    others = [m for m in line["machines"] if m["machine"] != first["machine"]]
    others = sorted(others, key=lambda m: -float(m["share"]))[:OTHERS]
    named = [f"{m['machine']} ({words.percent(m['share'], 0)})" for m in others]
    rest = f" After it: {listed(named)}." if named else ""
    opinion = ""
    if line["declared"] and not line["declared_is_it"]:
        opinion = f" The plant file names {line['declared']} as the constraint."
    return head + rest + opinion


def _groups(line: Data) -> str:
    """Only what differs from the whole."""
    first = line["bottleneck"]["machine"]
    other = [row for key in ("by_product", "by_shift") for row in line[key] if row["machine"] != first]
    return bullets(f"{row['name']}: {row['machine']} ({words.percent(row['share'], 0)})" for row in other)


def _relief(request: Request, data: Data, line: Data) -> str:
    if not line["relief"]:
        return (
            f"What relief would bring cannot be reckoned: {line['relief_missing']}." if line["relief_missing"] else ""
        )
    currency = request.vocabulary.currency
    head = f"{words.number(data['faster_percent'])} % more speed would have brought in that time:"
    rows = []
    for row in line["relief"]:
        gain = (
            f"{words.quantity(row['units'], 'pieces')}, {words.duration(row['seconds'])} of the line, {money(row['money'], currency)}"
            if row["seconds"] >= 60
            else "next to nothing"
        )
        rows.append(f"{row['machine']}: {gain}")
    return paragraphs(head, bullets(rows))


bottleneck = Intent(
    "bottleneck",
    "what holds a line back, and what it would bring to speed a machine up",
    (
        "What is the bottleneck of line 1 this week?",
        "What would it bring to speed up the capper?",
        "Which machine holds line 2 back?",
        "What if the filler of line 1 ran 10 % faster?",
    ),
    (
        (r"\bbottle ?necks?\b|\bconstraint\b", 2.6),
        (r"\b(hold|holds|held|holding)\b.*\b(back|up)\b|\bslow(s|ing|ed)?\b.*\bdown\b|\blimit(s|ing)\b", 2.2),
        (r"\bspeed(ing)?\b.*\bup\b|\b(bring|gain)\b.*\bfaster\b|\bfaster\b|\brelie(f|ve|ving)\b", 2.0),
        (r"\bwhy\b|\bslow\b", -0.8),
    ),
    plan,
    word,
    "loss_analyst",
)
