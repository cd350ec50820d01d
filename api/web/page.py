"""Make a page: Jinja templates with the product's own words for figures, times and money."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mom import words
from mom.blocks import Lane, TimelineBlock

WEB = Path(__file__).parent
STATIC = WEB / "static"
PAGES = (
    ("line", "/", "Line"),
    ("proposals", "/proposals", "Proposals"),
    ("improvement", "/improvement", "Improvement"),
    ("reports", "/reports", "Reports"),
    ("data", "/data", "Data"),
)
KINDS = {
    "production": "running", "breakdown": "stopped", "minor_stop": "short stop", "set_up": "change-over",
    "starved": "starved", "blocked": "blocked", "waiting": "waiting", "unclassified": "stopped, no reason given",
    "idle": "idle", "planned_stop": "not planned", "unknown": "not seen",
}  # fmt: skip
TIMELINE_WIDTH = 1000
DAY_MINUTES = 1440
STEPS = (5, 10, 15, 30, 60, 120, 180, 360, 720, DAY_MINUTES, 2 * DAY_MINUTES, 7 * DAY_MINUTES)
MOST_TICKS = 8


def environment() -> Environment:
    """Undefined names fail; everything is escaped unless our own code made it."""
    env = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    env.filters |= {
        "figure_words": words.figure,
        "figure_value": words.figure_value,
        "figure_unit": words.figure_unit,
        "duration": words.duration,
        "quantity": words.quantity,
        "money": words.money,
        "moment": words.time_of,
        "cell": cell,
        "band_x": lambda band, t: round(_x(band.start, t), 2),
        "band_w": lambda band, t: round(max(_x(band.end, t) - _x(band.start, t), 0.6), 2),
        "lane_words": lane_words,
        "kinds_shown": kinds_shown,
        "ticks": ticks,
        "with_words": with_words,
        "ref_words": ref_words,
    }
    env.globals |= {"pages": PAGES, "static_version": static_version()}
    return env


def static_version() -> str:
    """Changes when a file does, so that browsers may keep files for ever."""
    digest = sha256()
    for path in sorted(p for p in STATIC.iterdir() if p.is_file()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def cell(value: Any) -> str:
    if value is None or value == "":
        return words.NOTHING
    return words.number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def ref_words(ref: str) -> str:
    """`maintenance_order:29` as `maintenance order 29`; a tag's name stays as it is."""
    noun, _, key = ref.partition(":")
    return f"{noun.replace('_', ' ')} {key}"


def _x(at: datetime, t: TimelineBlock) -> float:
    share = (at - t.start).total_seconds() / max((t.end - t.start).total_seconds(), 1.0)
    return TIMELINE_WIDTH * min(max(share, 0.0), 1.0)


def lane_words(lane: Lane) -> str:
    """The lane for who cannot see it: time by kind, longest first."""
    seconds: dict[str, float] = {}
    for band in lane.bands:
        seconds[band.kind] = seconds.get(band.kind, 0.0) + (band.end - band.start).total_seconds()
    by_length = sorted(seconds.items(), key=lambda item: -item[1])
    return f"{lane.name}: " + ", ".join(f"{KINDS.get(kind, kind)} {words.duration(s)}" for kind, s in by_length)


def kinds_shown(t: TimelineBlock) -> list[tuple[str, str]]:
    shown = {band.kind for lane in t.lanes for band in lane.bands}
    return [(kind, word) for kind, word in KINDS.items() if kind in shown]


def ticks(t: TimelineBlock) -> list[tuple[float, str]]:
    """Round times, each with its place in percent; none so near an end that it is cut."""
    span = (t.end - t.start) / timedelta(minutes=1)
    step = next((minutes for minutes in STEPS if span / minutes <= MOST_TICKS), STEPS[-1])
    midnight = t.start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = ceil((t.start - midnight) / timedelta(minutes=step))
    at = [midnight + timedelta(minutes=step * n) for n in range(first, first + MOST_TICKS + 1)]
    places = [(round(_x(moment, t) / TIMELINE_WIDTH * 100, 2), moment) for moment in at if moment <= t.end]
    long = span > DAY_MINUTES
    return [(place, _tick(moment, long)) for place, moment in places if 2 <= place <= 98]


def _tick(at: datetime, long: bool) -> str:
    """A time of day; over more than a day a midnight is called by the day that it begins."""
    return f"{at:%a} {at.day}" if long and (at.hour, at.minute) == (0, 0) else f"{at:%H:%M}"


def with_words(figure: Mapping[str, Any]) -> dict[str, Any]:
    """The figure, and how it is said: the side sheet says it as the page does."""
    return {**figure, "words": words.figure(figure)}
