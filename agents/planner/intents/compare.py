"""Two periods, the lines, or the shifts beside each other."""

import re
from datetime import datetime, timedelta

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, coverage, figure, money, paragraphs, told
from mom import words
from mom.facts import Window

_LINES = r"\b(lines|line 1 (and|with|to|vs|versus|against) (line )?2|which line|between the lines)\b"
_SHIFTS = r"\b(shifts|crews|which (shift|crew)|between (the )?(shifts|crews)|by (shift|crew)|crew \w (and|with|to|vs|versus) )\b"


def plan(request: Request, seen: Seen) -> list[Call]:
    if kind(request) == "lines":
        return [Call("compare_lines", request.span())]
    if kind(request) == "shifts":
        by = "crew" if "crew" in request.text else "shift"
        window = request.span() or _iso(request, _days_back(request, 7))
        return [Call("compare_shifts", {"equipment": request.where or _first(request), "by": by, **window})]
    a, b = _periods(request)
    sides = {f"{name}_{side}": at for side, w in (("a", a), ("b", b)) for name, at in _iso(request, w).items()}
    split = {**_iso(request, a), **{f"against_{name}": at for name, at in _iso(request, b).items()}}
    split |= {"measure": measure} if (measure := _measure(request.text)) else {}
    return [
        call
        for place in request.places
        for call in (
            Call("compare_periods", {"equipment": place, **sides}),
            Call("compare_what_changed", {"equipment": place, **split}),
        )
    ]


def _measure(text: str) -> str | None:
    """What is held against what, where the words tell."""
    if re.search(r"\b(money|earn\w*|margin|cost\w*|euros?)\b", text):
        return "money"
    if re.search(r"\b(oee|efficien\w*|better|worse|bad|good)\b", text):
        return "oee"
    return "output" if re.search(r"\b(output|made|produced?|bottles|pieces)\b", text) else None


def kind(request: Request) -> str:
    """What is held against what: two periods win over lines, lines over shifts."""
    lines = [named for named in request.equipment if named.line == named.key]
    if len(request.whens) < 2 and (len(lines) > 1 or re.search(_LINES, request.text)):
        return "lines"
    if len(request.whens) < 2 and (re.search(_SHIFTS, request.text) or len(request.crews) > 1):
        return "shifts"
    return "periods"


def _periods(request: Request) -> tuple[Window, Window]:
    """The later one against the earlier; one alone against the time just before it of the same kind."""
    if len(request.whens) > 1:
        first, second = request.whens[0].window, request.whens[1].window
        return (first, second) if first.start > second.start else (second, first)
    moments = request.vocabulary.moments
    window = request.whens[0].window if request.whens else _shift_or_day(request)
    if "last week" in request.text and request.whens and request.whens[0].window == moments.week(1):
        return moments.until_now(moments.week(0)), moments.week(1)
    local = [at.astimezone(moments.zone) for at in (window.start, window.end)]
    span = timedelta(days=max(1, round((local[1] - local[0]) / timedelta(days=1))))
    of_week = window.start == moments.week(0).start and re.search(r"\bweek\b|\bsince\b", request.text)
    back = timedelta(days=7) if of_week or span >= timedelta(days=5) else span
    return window, Window(_back(local[0], back), _back(local[1], back))


def _back(local: datetime, back: timedelta) -> datetime:
    """The same local time of an earlier day: also over a change of the clocks."""
    return (local.replace(tzinfo=None) - back).replace(tzinfo=local.tzinfo)


def _shift_or_day(request: Request) -> Window:
    moments = request.vocabulary.moments
    ended = [shift for shift in moments.past_shifts() if shift.end <= moments.now]
    return Window(ended[0].start, ended[0].end) if ended else _days_back(request, 1)


def _days_back(request: Request, days: int) -> Window:
    moments = request.vocabulary.moments
    return Window(moments.days(moments.today - timedelta(days=days)).start, moments.now)


def _iso(request: Request, window: Window) -> dict[str, str]:
    zone = request.vocabulary.moments.zone
    return {"start": window.start.astimezone(zone).isoformat(), "end": window.end.astimezone(zone).isoformat()}


def _first(request: Request) -> str | None:
    return request.vocabulary.lines[0].key if request.vocabulary.lines else None


def word(request: Request, seen: Seen) -> str:
    if lines := seen.one("compare_lines"):
        return _lines(request, lines)
    if shifts := seen.one("compare_shifts"):
        return _groups(shifts)
    whys = [line for data in seen.all("compare_what_changed") for line in data["lines"]]
    return paragraphs(*(line["told"] for line in whys), *(_pair(request, data) for data in seen.all("compare_periods")))


def _pair(request: Request, data: Data) -> str:
    oee = figure(data["figures"], "oee")
    head = f"**{data['name']}**, {data['a']} against {data['b']}:"
    rows = [_change(row) for row in data["figures"] if row["a"] is not None or row["b"] is not None]
    lost = [
        f"{row['title']}: {money(row['a_money'], request.vocabulary.currency)} against "
        f"{money(row['b_money'], request.vocabulary.currency)}"
        for row in data["losses"][:3]
    ]
    why = "; ".join(oee["missing"]) if oee and oee["difference"] is None else ""
    return paragraphs(
        head,
        bullets(rows) if rows else "Nothing can be compared.",
        f"OEE cannot be compared: {why}." if why else "",
        "Losses that changed most:\n" + bullets(lost) if lost else "",
        data.get("note", ""),
    )


def _change(row: Data) -> str:
    share = row["unit"] == "1"

    def one(value: float | None) -> str:
        return told({"value": value, "unit": row["unit"], "missing": ["withheld"]})

    if row["difference"] is None:
        return f"{row['title']}: {one(row['a'])} against {one(row['b'])}"
    size = f"{words.percent(abs(row['difference']))} points" if share else one(abs(row["difference"]))
    size = size.replace(" % points", " points") if share else size
    way = (
        "the same" if size.startswith(("0.0 points", "0 ")) else f"{size} {'more' if row['difference'] > 0 else 'less'}"
    )
    return f"{row['title']}: {one(row['a'])} against {one(row['b'])} ({way})"


def _lines(request: Request, data: Data) -> str:
    if not data["lines"]:
        return f"Nothing is known of the lines in this window ({data['window']})."
    rows = [
        f"{row['line']}: OEE {told(f := figure(row['figures'], 'oee'))}{coverage(f)}, "
        f"losses {money(row['money'], request.vocabulary.currency)}"
        for row in data["lines"]
    ]
    return paragraphs(f"{data['lines'][0]['line']} does best by OEE ({data['window']}).", bullets(rows))


def _groups(data: Data) -> str:
    known = [row for row in data["groups"] if (f := figure(row["figures"], "oee")) and f["value"] is not None]
    if not known:
        why = {m for row in data["groups"] for f in row["figures"] if f["name"] == "oee" for m in f["missing"]}
        return f"The {data['by']}s cannot be compared ({data['window']}): {'; '.join(sorted(why)) or 'no shift was worked'}."
    name = {"shift": "the {} shift", "crew": "crew {}"}[data["by"]]
    rows = [
        f"{name.format(row['name'])}: OEE {told(f := figure(row['figures'], 'oee'))}{coverage(f)} over {row['shifts']} shifts"
        for row in data["groups"]
    ]
    best = name.format(known[0]["name"])
    return paragraphs(f"On {data['line']} {best} does best by OEE ({data['window']}).", bullets(rows))


compare = Intent(
    "compare",
    "two periods, lines, shifts or crews beside each other",
    (
        "Compare this week with last week on line 2",
        "Line 1 versus line 2 yesterday",
        "Which shift does best?",
        "Was today better than yesterday?",
        "Which crew is best on line 1?",
        "Why was line 2 worse this week than last week?",
    ),
    (
        (r"\bcompar\w*\b", 2.4),
        (r"\b(versus|vs\.?|against)\b", 2.2),
        (r"\bdifference between\b", 2.2),
        (r"\b(better|worse|more|less|higher|lower) than\b", 2.2),
        (r"\bwhich (line|shift|crew)\b.*\b(best|better|worse|worst|most|least|good|more)\b", 2.4),
        (r"\b(best|worst) (line|shift|crew)\b", 2.2),
        (r"\bhow (do|did|does) .* (differ|stack up)\b", 2.0),
        (r"\bby (shift|crew)\b", 0.8),
        (r"\bwhat (has )?changed\b|\bwhat('s| is) (different|new)\b", 2.6),
        (r"\bwhy\b.*\b(better|worse|more|less|lower|higher|fewer|slower|faster)\b", 2.6),
    ),
    plan,
    word,
    "loss_analyst",
)
