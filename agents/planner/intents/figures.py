"""OEE and every other figure."""

import re
from datetime import timedelta

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.intents.why import last_day
from agents.planner.request import Request
from agents.planner.saying import bullets, coverage, paragraphs, told
from mom import words
from mom.kpis.board import definitions

MOST_AMBIGUOUS = 8
"""Shorter titles (Good, Scrap, Quality) are words of other questions too."""

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
    ("nee", ("nee",)),
    ("ooe", ("ooe",)),
    ("on time in full", ("on_time_in_full",)),
    ("otif", ("on_time_in_full",)),
    ("mttf", ("mttf", "mttf_iso")),
    ("to failure", ("mttf", "mttf_iso")),
    ("energy", ("energy_consumption",)),
    ("poor quality", ("cost_of_poor_quality",)),
    ("backlog", ("backlog_weeks",)),
    ("cmk", ("critical_machine_capability",)),
    ("cpk", ("critical_process_capability",)),
)
_TITLE = re.compile(r" \(iso\)$")
"""Every KPI is asked for by its title; those above have other names, or are asked for in company."""
MOST_PRODUCTS = 8
WEEK = timedelta(days=7)
"""Products are told apart over a week where no time is said: a shift makes one or two of them."""
_BY_PRODUCT = re.compile(r"\b(by|per|each|every|which|what) products?\b")
ALL = re.compile(r"\b(all|every)\b.{0,20}\b(kpis?|key figures|figures)\b")


def plan(request: Request, seen: Seen) -> list[Call]:
    wanted = ["all"] if ALL.search(request.text) else named(request.text) or None
    only: dict[str, str | None] = {"product": request.product}
    only |= {"order": request.orders[0].key if request.orders else None}
    only |= {"crew": request.crews[0].key if request.crews else None}
    told = {name: value for name, value in only.items() if value}
    if not request.products and _BY_PRODUCT.search(request.text):
        window = request.span() or last_day(request, WEEK)
        asked: Data = {"names": wanted or ["oee"], **told, **window}
        return [
            Call("get_kpis", {"equipment": p, "product": key, **asked})
            for p in request.places
            for key in _products(request)
        ]
    asked = {"names": wanted, **told, **request.span()}
    return [Call("get_kpis", {"equipment": place, **asked}) for place in request.places]


def _products(request: Request) -> list[str]:
    names = request.vocabulary.names.values()
    return list(dict.fromkeys(n.key for found in names for n in found if n.kind == "product"))[:MOST_PRODUCTS]


def named(text: str) -> list[str]:
    """The KPIs that a question names, each once."""
    names = [name for word, found in _NAMES if re.search(_pattern(word), text) for name in found]
    for name, kpi in definitions().items():
        title = _TITLE.sub("", kpi.title.lower())
        if len(title) > MOST_AMBIGUOUS and title in text:
            names.append(name)
    return list(dict.fromkeys(names))


def _pattern(word: str) -> str:
    """Short names are whole words: a need is no NEE."""
    return rf"\b{word}\b" if len(word) < 5 else word


def word(request: Request, seen: Seen) -> str:
    found = seen.all("get_kpis")
    if not request.products and _BY_PRODUCT.search(request.text):
        made = [{**data, "equipment": [i for i in data["equipment"] if _known(i)]} for data in found]
        return paragraphs(*(_one(data) for data in made if data["equipment"])) or "No product was made in that time."
    return paragraphs(*(_one(data) for data in found))


def _known(item: Data) -> bool:
    return any(figure["value"] is not None for figure in item["figures"])


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
        "What is the NEE of line 2 this week?",
        "On time in full last week",
        "Why can't you compute the energy per piece of the filler?",
    ),
    (
        (r"\b(oee|teep|mtbf|mttr|kpis?|key figures)\b", 2.0),
        (r"\b(availability|uptime|effectiveness|throughput|performance|yield|quality (ratio|rate)|set-up rate)\b", 1.8),
        (r"\bhow (many|much)\b.*\b(bottles|pieces|cases|did we (make|produce|fill)|made|produced|output)\b", 2.0),
        (r"\b(output|production|produced|made)\b", 1.1),
        (
            r"\b(which|what) products?\b.*\b(runs?|does|is|was)\b.*\b(best|worst|better|worse|bad|badly|good|well)\b",
            3.6,
        ),
        (r"\bmean time\b|\bbetween failures\b", 2.0),
        (r"\b(nee|ooe|otif|mttf|cmk?|cpk?)\b|\bon time in full\b|\bpoor quality\b|\bfirst pass yield\b", 2.0),
        (r"\b(worker|allocation|technical|utili[sz]ation) efficiency\b|\binventory turns\b|\bfall-off\b", 2.0),
        (r"\b\w+ (loss|goods|load|maintenance|process|allocation) ratio\b|\bschedule adherence\b", 2.0),
        (r"\bwhy (can|could|is|are)\b.*\b(comput\w+|calculat\w+)|\bnot computable\b", 6.0),
        (r"\bcompar\w+|\bversus\b|\bvs\b|\bbetter\b|\bworse\b|\bwhich (line|shift|crew)\b", -1.0),
        (r"\bscrap|\brejects?\b", -1.2),
        (r"\bwhy\b|\bhandover\b", -1.0),
    ),
    plan,
    word,
)
