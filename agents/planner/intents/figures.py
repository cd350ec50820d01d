"""OEE and every other figure."""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, coverage, paragraphs, told
from mom import words

_NAMES = (
    ("oee", ("oee", "availability", "effectiveness", "quality_ratio")),
    ("availability", ("availability",)),
    ("uptime", ("availability",)),
    ("performance", ("effectiveness",)),
    ("effectiveness", ("effectiveness",)),
    ("quality", ("quality_ratio",)),
    ("yield", ("quality_ratio",)),
    ("mtbf", ("mtbf", "mtbf_iso")),
    ("between failures", ("mtbf", "mtbf_iso")),
    ("mttr", ("mttr", "mttr_iso")),
    ("to repair", ("mttr", "mttr_iso")),
    ("throughput", ("throughput",)),
    ("how many", ("good", "produced", "scrap")),
    ("output", ("good", "produced")),
    ("produce", ("good", "produced")),
    ("pieces", ("good", "produced")),
    ("bottles", ("good", "produced")),
    ("set-up", ("set_up_rate",)),
    ("teep", ("teep",)),
)


def plan(request: Request, seen: Seen) -> list[Call]:
    names = [name for word, found in _NAMES if word in request.text for name in found]
    wanted = list(dict.fromkeys(names)) or None
    return [Call("get_kpis", {"equipment": place, "names": wanted, **request.span()}) for place in request.places]


def word(request: Request, seen: Seen) -> str:
    return paragraphs(*(_one(data) for data in seen.all("get_kpis")))


def _one(data: Data) -> str:
    parts = []
    for item in data["equipment"]:
        rows = [_figure(row) for row in item["figures"]]
        if rows:
            parts.append(f"**{item['name']}**, {data['window']}:\n{bullets(rows)}")
    return paragraphs(*parts) or str(data.get("note", "That figure is not defined."))


def _figure(row: Data) -> str:
    value = (
        words.number(row["value"], 0)
        if row["name"] in ("good", "produced", "scrap") and row["value"] is not None
        else told(row)
    )
    note = f". {row['note']}" if row["note"] else ""
    return f"{row['title']}: {value}{coverage(row)}{note}"


figures = Intent(
    "figures",
    "OEE and the other figures of a line or machine",
    (
        "What is the OEE of line 1 today?",
        "Availability of the filler last week",
        "How many bottles did we make since 6?",
        "MTBF of the capper",
        "Output of line 2 yesterday",
    ),
    (
        (r"\b(oee|teep|mtbf|mttr|kpis?|key figures)\b", 2.0),
        (r"\b(availability|uptime|effectiveness|throughput|performance|yield|quality (ratio|rate)|set-up rate)\b", 1.8),
        (r"\bhow (many|much)\b.*\b(bottles|pieces|cases|did we (make|produce|fill)|made|produced|output)\b", 2.0),
        (r"\b(output|production|produced|made)\b", 1.1),
        (r"\bmean time\b|\bbetween failures\b", 2.0),
        (r"\bcompar\w+|\bversus\b|\bvs\b|\bbetter\b|\bworse\b|\bwhich (line|shift|crew)\b", -1.0),
        (r"\bscrap|\brejects?\b", -1.2),
        (r"\bwhy\b|\bhandover\b", -1.0),
    ),
    plan,
    word,
)
