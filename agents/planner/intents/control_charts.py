"""Is a process in control? Can it keep its limits?"""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, paragraphs
from mom import words

CHARACTERISTICS = ("torque", "fill volume", "label position", "brix", "scrap", "weight", "volume", "position")


def plan(request: Request, seen: Seen) -> list[Call]:
    what = next((name for name in CHARACTERISTICS if name in request.text), None)
    tool = "get_capability" if _capability(request) else "get_control_chart"
    what = None if what == "scrap" and tool == "get_capability" else what
    return [Call(tool, {"equipment": place, "characteristic": what}) for place in request.places]


def _capability(request: Request) -> bool:
    return any(cue in request.text for cue in ("capab", "cpk", "cp ", "ppk"))


def word(request: Request, seen: Seen) -> str:
    charts = [_charts(data) for data in seen.all("get_control_chart")]
    capable = [_capable(data) for data in seen.all("get_capability")]
    return paragraphs(*charts, *capable)


def _charts(data: Data) -> str:
    known = [chart for chart in data["charts"] if chart["in_control"] is not None]
    out = [chart for chart in known if not chart["in_control"]]
    if not known:
        return "There are too few results for a chart: at least 20 are needed."
    if not out:
        return f"In control: {_named(known)}."
    rows = [
        f"{chart['characteristic']} at {chart['machine']} is out of control since {chart['since']}: "
        f"{'; '.join(chart['signals'])}; newest {chart['newest']} {chart['unit']}, limits {chart['low']} to {chart['high']}{cite(chart)}"
        for chart in out
    ]
    rest = [chart for chart in known if chart["in_control"]]
    return paragraphs(bullets(rows), f"In control: {_named(rest)}." if rest else "")


def _named(charts: list[Data]) -> str:
    return ", ".join(dict.fromkeys(f"{chart['characteristic']} at {chart['machine']}" for chart in charts[:8]))


def _capable(data: Data) -> str:
    if not data["rows"]:
        return f"Nothing with limits was measured ({data['window']})."
    return paragraphs(
        f"Capability, with 95 % intervals ({data['window']}):", bullets(_row(row) for row in data["rows"][:8])
    )


def _row(row: Data) -> str:
    name = f"{row['name']} at {row['machine']} ({row['limits']})"
    if row["ppk"] is None:
        return f"{name}: withheld, {row['withheld'].get('ppk', '')}"
    within = f"Cpk {row['cpk_said']}, " if row["cpk"] is not None else ""
    return f"{name}: {within}Ppk {row['ppk_said']}, {words.number(row['outside'], 0)} of {words.number(row['n'], 0)} outside"


control_charts = Intent(
    "control_charts",
    "whether a process is in control, and its capability",
    (
        "Is the capper in control?",
        "Show the control chart of the torque on line 2",
        "What is the Cpk of the fill volume?",
        "How capable is the filler?",
        "Are there signals on the charts?",
    ),
    (
        (r"\bcontrol charts?\b|\bspc\b|\b(x-?bar|ewma|cusum)\b", 2.4),
        (r"\b(in|under|out of) control\b", 2.4),
        (r"\bcp[km]?k?\b|\bppk?\b|\bcapab(le|ility|ilities)\b", 2.4),
        (r"\bchart\b.*\b(torque|volume|position|brix|scrap)\b", 1.6),
        (r"\bnelson\b|\bsignals?\b.*\bcharts?\b", 2.0),
    ),
    plan,
    word,
    "quality_analyst",
)
