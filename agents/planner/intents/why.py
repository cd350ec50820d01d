"""Why did it stop, why was it lost?"""

from datetime import timedelta

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import at, bullets, cite, paragraphs
from mom import words

_LOOK_BACK, _LONG_LOOK_BACK = timedelta(hours=24), timedelta(days=7)


def plan(request: Request, seen: Seen) -> list[Call]:
    if number := request.refs.get("loss"):
        return [Call("explain_loss", {"loss": f"loss:{number}"})]
    if not seen.called("list_losses"):
        return [call for place in request.places for call in _look(request, place)]
    picked = chosen(request, seen)
    return [Call("explain_loss", {"loss": picked["ref"]})] if picked else []


def _look(request: Request, place: str | None) -> list[Call]:
    named = any(_kinds(request).values())
    window = request.span() or last_day(request, _LONG_LOOK_BACK if named else _LOOK_BACK)
    stops = [] if named else [Call("list_stops", {"equipment": place, **window})]
    return [*stops, Call("list_losses", {"equipment": place, **window})]


def last_day(request: Request, back: timedelta = _LOOK_BACK) -> dict[str, str]:
    moments = request.vocabulary.moments
    start = (moments.now - back).astimezone(moments.zone)
    return {"start": start.isoformat(), "end": moments.now.astimezone(moments.zone).isoformat()}


def chosen(request: Request, seen: Seen) -> Data | None:
    """The loss that the question is about: of the kind that was named, else the dearest."""
    rows = [row for data in seen.all("list_losses") for row in data["losses"]]
    stopped = any(word in request.text for word in ("stop", "stand", "stood", "down", "happened", "jam"))
    kinds = _kinds(request)
    wanted = [row for row in rows if kinds.get(row["kind"])]
    if any(kinds.values()):
        rows = wanted
    if not wanted and stopped:
        wanted = [row for row in rows if row["kind"] in ("breakdown", "minor_stops", "unclassified")]
    named = [row for row in rows if row["reason"] and row["reason"].lower() in request.text]
    return next(iter(sorted(named or wanted or rows, key=lambda row: (not _stands(row), -(row["money"] or 0)))), None)


def _stands(row: Data) -> bool:
    """What stands still this minute is asked about before what cost more and is over."""
    return bool(row["still"]) and row["kind"] in ("breakdown", "unclassified")


def _kinds(request: Request) -> dict[str, bool]:
    """Kinds of losses that the question names."""
    return {
        "scrap": "scrap" in request.text or "reject" in request.text,
        "reduced_speed": any(word in request.text for word in ("slow", "speed")),
        "set_up": any(word in request.text for word in ("changeover", "change-over", "change over", "set-up", "setup")),
        "start_up": "start-up" in request.text or "startup" in request.text,
    }


def word(request: Request, seen: Seen) -> str:
    diagnosis, currency = seen.one("explain_loss"), request.vocabulary.currency
    told = [text for data in seen.all("list_stops") if (text := _stops(data))]
    if diagnosis is None:
        return paragraphs(*told, "There is no loss on record to explain it." if told else _nothing(request, seen))
    head = f"{titled(diagnosis)}, {'' if diagnosis['ended'] else 'since '}{diagnosis['started']}{cite(diagnosis)}."
    return paragraphs(*told, head, cause(diagnosis, currency))


def titled(diagnosis: Data) -> str:
    """The loss's title, with its machine where it does not name it."""
    title, machine = str(diagnosis["title"]), str(diagnosis["machine"])
    return title if machine in title else f"{title}, {machine}"


def _stops(data: Data) -> str:
    """The stop that goes on, or the longest; and how many there were."""
    rows = data["stops"]
    if not rows:
        return ""
    unplanned = [row for row in rows if not row["reason"].startswith("planned")] or rows
    top = next((row for row in unplanned if row["still"]), unplanned[0])
    lasted = words.duration(top["seconds"])
    when = f"stands since {top['started']} ({lasted})" if top["still"] else f"stopped {at(top['started'])} for {lasted}"
    first = f"{top['machine']} {when}: {top['reason']}{cite(top)}."
    if data["count"] == 1:
        return first
    by = next((row for row in data["by_reason"] if not row["reason"].startswith("planned")), data["by_reason"][0])
    often = f"{by['count']} of them were {by['reason']} at {by['machine']}, {words.duration(by['seconds'])} together."
    return f"{first} {data['count']} stops in all ({data['window']}); {often}"


def _nothing(request: Request, seen: Seen) -> str:
    window = next((data["window"] for data in seen.all("list_losses")), "")
    if any(_kinds(request).values()):
        return f"No loss of that kind was found at {request.place_name} ({window})."
    return f"Nothing stopped and no loss was found ({window})." if window else "Nothing was found."


def cause(diagnosis: Data, currency: str) -> str:
    """The diagnosis as a supervisor reads it: the cause, what speaks for and against it, what to look at next."""
    causes = diagnosis["causes"]
    if not diagnosis["sufficient"] or not causes:
        next_step = diagnosis["measure_next"] or (causes[0]["measure_next"] if causes else "")
        said = diagnosis["summary"] or "The evidence does not carry a cause."
        return paragraphs(said, f"Measure next: {next_step}" if next_step else "")
    top = causes[0]
    since = f", since {top['since_told']}" if top.get("since_told") else ""
    sure = f" ({top['percent']} % sure)" if "percent" in top else ""
    lead = f"{top.get('likely', 'Most likely')}{sure}: **{top['cause']}** ({top['machine']}{since})."
    against = [f"Against it: {_evidence(item)}" for item in top["against"][:2]]
    refuted = f"It is not this if: {top['refuted_by']}." if top.get("refuted_by") else ""
    measure = f"To be surer: {top['measure_next']}" if top["measure_next"] else ""
    told = bullets([*(_evidence(item) for item in top["evidence"][:4]), *against])
    return paragraphs(lead, told, refuted, measure, _before(diagnosis), _others(causes[1:3]))


def _before(diagnosis: Data) -> str:
    """What was done when it was like this before."""
    return f"Before: {_evidence(diagnosis['past'][0])}" if diagnosis.get("past") else ""


def _others(causes: list[Data]) -> str:
    told = [f"{c['cause']} ({c['percent']} %)" if "percent" in c else str(c["cause"]) for c in causes]
    return f"Also possible: {'; '.join(told)}." if told else ""


def _evidence(item: Data) -> str:
    return f"{item['text']}{' [' + ', '.join(item['refs'][:3]) + ']' if item['refs'] else ''}"


why = Intent(
    "why",
    "why something stopped or was lost",
    (
        "Why did the capper stop?",
        "Why is line 2 down?",
        "What happened at the filler at 14:00?",
        "Explain loss 7",
        "What is the cause of the scrap on line 1?",
        "Why is the filler so slow?",
    ),
    (
        (r"\bwhy\b|\bhow come\b", 2.0),
        (r"\b(root )?causes?\b|\breason (for|of|behind)\b", 1.4),
        (r"\bexplain\b", 1.6),
        (r"\b(change-?overs?|set-?ups?)\b.*\b(long|slow|late|bad)\b|\b(long|slow|bad) (change-?over|set-?up)", 1.4),
        (r"\bwhat (happened|went wrong|stopped|made)\b", 1.7),
        (r"\bwhat('s| is| was) (wrong|the (problem|matter|trouble|cause|reason))\b", 1.9),
        (r"\bbehind\b.*\b(stop|loss|scrap)", 0.5),
        (r"\bbefore\b|\bprevious(ly)?\b.*\bseen\b", -0.3),
    ),
    plan,
    word,
    "loss_analyst",
)
