"""Energy by meter, by good piece, and leaks."""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.intents.why import last_day
from agents.planner.request import Request
from agents.planner.saying import bullets, money, paragraphs
from mom import words


def plan(request: Request, seen: Seen) -> list[Call]:
    """A shift that has just begun tells nothing of energy: without a time the last day is meant."""
    window = request.span() or last_day(request)
    return [Call("get_energy", {"equipment": place, **window}) for place in request.places]


def word(request: Request, seen: Seen) -> str:
    return paragraphs(*(_one(request, data) for data in seen.all("get_energy")))


def _one(request: Request, data: Data) -> str:
    if not data["meters"]:
        return str(data["note"])
    asked = "leak" in request.text
    leaks = [_leak(row, leak) for row in data["meters"] for leak in row["leaks"] if asked or leak["until"] is None]
    if asked:
        return paragraphs(*leaks) if leaks else _no_leak(data)
    return paragraphs(*leaks, *(_meter(request, row, data["window"]) for row in data["meters"]))


def _leak(row: Data, leak: Data) -> str:
    rise, low, high = leak["rise_kw"]
    still = leak["until"] is None
    sure = (
        f" The same at standstill: {words.number(leak['at_standstill_kw'])} kW more."
        if leak["sure"]
        else " It did not stand long enough to see the same at standstill: measure a night without production."
    )
    verb = "draws" if still else "drew"
    year = f"{leak['cost_year_said']} a year {'if it stays' if still else 'had it stayed; it is over'}"
    return (
        f"**{row['name']}** {verb} {words.number(rise)} kW ({words.number(low)} to {words.number(high)}) more for the same"
        f" work, {leak['when']}: the signature of a leak, {year}.{sure}"
    )


def _no_leak(data: Data) -> str:
    short = [text for row in data["meters"] for text in row["missing"] if text.startswith("leak")]
    if short:
        return f"Whether something leaks cannot be told yet: {short[0].removeprefix('leak: ')}."
    return "No meter draws more for the same work than before: no sign of a leak in the last four weeks."


def _meter(request: Request, row: Data, window: str) -> str:
    if row["kwh"] is None:
        return f"**{row['name']}**: withheld, {row['missing'][0]}."
    currency = request.vocabulary.currency
    lines = [f"{words.number(row['kwh'], 0)} kWh, {money(row['cost'], currency)}"]
    if row["kwh_per_good_piece"] is not None:
        lines.append(f"{words.number(1000 * row['kwh_per_good_piece'], 2)} Wh a good piece")
    if row["idle_share"] is not None:
        lines.append(f"{words.percent(row['idle_share'])} of it while nothing was produced")
    if row["base_load"]:
        base, low, high = row["base_load"]["kw"]
        lines.append(f"base load {words.number(base)} kW ({words.number(low)} to {words.number(high)}), four weeks")
    lines += [
        f"{one['product']}: {words.number(1000 * one['kwh_per_good_piece'], 2)} Wh a good piece"
        for one in row["by_product"][:4]
        if one["kwh_per_good_piece"] is not None
    ]
    return f"**{row['name']}**, {window}:\n{bullets(lines)}"


energy = Intent(
    "energy",
    "the energy of a line or the compressor, by good piece, and leaks",
    (
        "How much energy did line 1 use yesterday?",
        "Energy per bottle on line 2 last week",
        "Does the compressed air leak?",
        "What does the compressor draw while nothing runs?",
    ),
    (
        (r"\benergy\b|\bkwh\b|\belectricity\b|\bpower (use|bill|draw|consumption)\b|\bhow much power\b", 2.2),
        (r"\bleak\w*\b", 1.8),
        (r"\bcompressed air\b|\bbase load\b|\bidle (share|load|energy)\b", 1.2),
        (r"\bcompressors?\b.*\bdraws?\b|\bdraws?\b.*\bcompressors?\b", 2.0),
        (r"\bwhy\b|\bcause\b|\bexplain\b|\brepair\b|\bbefore\b|\bwork orders?\b", -1.2),
    ),
    plan,
    word,
    "loss_analyst",
)
