"""The line page in words: each line's state, its machines, the shift's losses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from mom import words
from mom.blocks import Band, Lane, TimelineBlock
from mom.board import LineNow, MachineNow
from mom.history.classes import Slice, TimeClass

WORDS = {
    TimeClass.production: ("runs", "run"),
    TimeClass.breakdown: ("stopped", "stop"),
    TimeClass.minor_stop: ("stopped", "stop"),
    TimeClass.unclassified: ("stopped, no reason given", "stop"),
    TimeClass.set_up: ("change-over", "wait"),
    TimeClass.starved: ("starved", "wait"),
    TimeClass.blocked: ("blocked", "wait"),
    TimeClass.waiting: ("waits", "wait"),
    TimeClass.idle: ("idle", "wait"),
    TimeClass.planned_stop: ("not planned", "unknown"),
    TimeClass.unknown: ("not seen", "unknown"),
}
HALF_DAY = timedelta(hours=12)
SHOWN = ("oee", "availability", "effectiveness", "quality_ratio", "good")


def line_view(line: LineNow, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """What `line_live.html` shows of one line."""
    word, kind = WORDS[line.constraint.kind] if line.constraint else ("not seen", "unknown")
    return {
        "name": line.machine.name,
        "path": line.machine.path,
        "word": word,
        "kind": kind,
        "order_words": order_words(line, now, zone),
        "machines": [machine_view(m, line, now, zone) for m in line.machines],
        "figures": [line.figures[name].as_json() for name in SHOWN],
        "timeline": timeline(line, zone),
    }


def machine_view(m: MachineNow, line: LineNow, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    word, kind = WORDS[m.kind]
    since = m.state.start if m.state else None
    rows = {"equipment": m.machine.path, "from": line.window.start.astimezone(zone).isoformat(timespec="seconds")}
    share = m.speed / m.ideal if m.speed is not None and m.ideal and m.kind == TimeClass.production else None
    return {
        "name": m.machine.name,
        "path": m.machine.path,
        "is_constraint": m.machine.is_constraint,
        "word": m.stop.reason if m.stop and m.stop.reason else word,
        "kind": kind,
        "rows": f"/data/rows/states?{urlencode(rows)}",
        "since_words": f"since {_since(since, now, zone)}" if since else "",
        "speed_share": share,
        "speed_words": f"{m.speed:.0f} of {m.ideal:.0f} a minute" if share is not None else "",
        "origin": origin_words(m, line),
        "buffer_after": m.machine.buffer_after,
        "buffer_fill": None,
    }


def _since(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The hour alone while it can only mean the last one of that name."""
    return f"{at.astimezone(zone):%H:%M}" if now - at < HALF_DAY else words.time_of(at, now, zone)


def origin_words(m: MachineNow, line: LineNow) -> str:
    """A starved machine looks upstream, a blocked one downstream, for the nearest that stands of itself."""
    if m.kind not in (TimeClass.starved, TimeClass.blocked):
        return ""
    at = line.machines.index(m)
    others = reversed(line.machines[:at]) if m.kind == TimeClass.starved else line.machines[at + 1 :]
    outside = (TimeClass.starved, TimeClass.blocked, TimeClass.production, TimeClass.waiting)
    origin = next((o for o in others if o.kind not in outside), None)
    return f"by {origin.machine.name}" if origin else ""


def order_words(line: LineNow, now: datetime, zone: ZoneInfo) -> str:
    order = line.order
    if order is None:
        return "No order runs."
    said = [f"Order {order.number}" if order.number else "", order.product_name or ""]
    if order.made is not None and order.quantity:
        said.append(f"{words.number(order.made, 0)} of {words.number(order.quantity, 0)}")
    if order.due_at:
        said.append(f"due {words.time_of(order.due_at, now, zone)}")
    return " · ".join(part for part in said if part)


def timeline(line: LineNow, zone: ZoneInfo) -> TimelineBlock:
    lanes = tuple(Lane(equipment=m.machine.path, name=m.machine.name, bands=_bands(m.slices)) for m in line.machines)
    start, end = line.window.start.astimezone(zone), line.window.end.astimezone(zone)
    return TimelineBlock(title=f"{line.machine.name}, this shift", start=start, end=end, lanes=lanes)


def _bands(slices: Sequence[Slice]) -> tuple[Band, ...]:
    """Neighbours of one class are one band."""
    bands: list[Band] = []
    for piece in slices:
        if bands and bands[-1].kind == piece.kind and bands[-1].end == piece.started_at:
            bands[-1] = bands[-1].model_copy(update={"end": piece.ended_at})
        else:
            ref = piece.ref or None
            bands.append(
                Band(start=piece.started_at, end=piece.ended_at, kind=piece.kind, label=WORDS[piece.kind][0], ref=ref)
            )
    return tuple(bands)


def headline(lines: Sequence[LineNow], losses: Sequence[dict[str, Any]]) -> str:
    """The page's answer in one sentence: what stands, what costs most."""
    if not lines:
        return "No line is known yet."
    stopped = [m for line in lines for m in line.machines if WORDS[m.kind][1] == "stop"]
    names = list(dict.fromkeys(m.machine.name for m in stopped))
    states = f"{_and(names)} {'stands' if len(names) == 1 else 'stand'} still." if names else _calm(lines)
    worst = max((loss for loss in losses if loss["money"]), key=lambda loss: loss["money"], default=None)
    return f"{states} What costs most: {spoken(worst['title'])}, {worst['money_words']} so far." if worst else states


def spoken(title: str) -> str:
    """`Capper 2: cap jam` inside a sentence: `Capper 2, cap jam`."""
    return title.replace(": ", ", ", 1)


def _calm(lines: Sequence[LineNow]) -> str:
    running = [line.machine.name for line in lines if line.constraint and line.constraint.kind == TimeClass.production]
    return f"{_and(running)} {'runs' if len(running) == 1 else 'run'}." if running else "No line produces just now."


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
