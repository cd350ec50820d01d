"""What a loss took from its machine, told to the replay of the line: when it stood, ran slowly, threw out, changed over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from mom.facts import Facts, StopSpan, Window
from mom.flow.without import Taken
from mom.history.classes import is_planned
from mom.losses.fold import Part, part_from_json
from mom.losses.loss import CONDITIONS, LossKind
from mom.losses.start_up import start_ups
from mom.models import Loss


class Kind(Protocol):
    """What of a loss tells how it took: its kind, its reason, and for how long."""

    @property
    def kind(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def seconds(self) -> float: ...


LONGEST = timedelta(hours=12)
"""A part that lasts is no longer than a shift."""
BETWEEN = timedelta(hours=2)
"""A trouble that was told of again so soon was there between."""
USUAL_HOURS = 4.0
"""Hours outside a trouble that tell how often its like happens anyway."""


def windows_of(loss: Loss, now: datetime) -> list[Window]:
    """When it was there: its parts, else all of it."""
    if told := loss.figures.get("parts"):
        parts = [part_from_json(part) for part in told]
        nexts = [*(part.start for part in parts[1:]), loss.ended_at or now]
        ends = [_end(part, until) for part, until in zip(parts, nexts, strict=True)]
        return [Window(part.start, end) for part, end in zip(parts, ends, strict=True) if end > part.start]
    return [Window(loss.started_at, max(loss.ended_at or now, loss.started_at + timedelta(seconds=1)))]


def joined(windows: Sequence[Window]) -> list[Window]:
    """The windows of one loss, those of shifts that follow each other as one."""
    found: list[Window] = []
    for one in sorted(windows, key=lambda window: window.start):
        if found and one.start - found[-1].end < BETWEEN:
            found[-1] = Window(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def _end(part: Part, until: datetime) -> datetime:
    """When a part ended; of one that was still on when its shift was looked at, what follows it, or its own seconds."""
    if part.end > part.start:
        return part.end
    ran = max(part.seconds, float(part.figures.get("production_seconds", 0.0)))
    last = until if until > part.start else part.start + timedelta(seconds=ran)
    return min(last, part.shift + LONGEST)


def is_replayed(loss: Loss) -> bool:
    """Whether a replay of its line tells what it cost: a condition costs nothing by itself, energy is metered."""
    return LossKind(loss.kind) not in CONDITIONS | {LossKind.energy}


def taken_by(loss: Kind, facts: Facts, windows: Sequence[Window]) -> tuple[Taken, float]:
    """What the loss took in these windows, and the share of it that is beyond the usual.

    Short stops of the same reason and scrap of the same reason that come anyway are no part of what the trouble costs.
    """
    path = facts.machine.path
    match LossKind(loss.kind):
        case LossKind.minor_stops:
            stops = _stops(loss, facts, windows)
            return Taken(path, stood=tuple(Window(s.start, s.end) for s in stops)), _beyond(loss, facts, windows, stops)
        case LossKind.reduced_speed:
            return Taken(path, slow=tuple(windows)), 1.0
        case LossKind.start_up:
            slow = tuple(cut for w in start_ups(facts) for one in windows if (cut := one.cut(w.start, w.end)))
            return Taken(path, slow=slow, scrapped=_beyond_usual(facts, None, slow)), 1.0
        case LossKind.scrap:
            return Taken(path, scrapped=_beyond_usual(facts, loss.reason, windows)), 1.0
        case LossKind.set_up:
            return Taken(path, longer=tuple((window, loss.seconds) for window in windows)), 1.0
        case _:
            return Taken(path, stood=tuple(windows)), 1.0


def _stops(loss: Kind, facts: Facts, windows: Sequence[Window]) -> list[StopSpan]:
    return [
        stop
        for stop in facts.stops
        if facts.said_as.get(stop.reason, stop.reason) == loss.reason
        and not stop.open
        and stop.end - stop.start < facts.minor_stop
        and not is_planned(stop.reason)
        and any(window.start <= stop.start <= window.end for window in windows)
    ]


def _beyond(loss: Kind, facts: Facts, windows: Sequence[Window], stops: Sequence[StopSpan]) -> float:
    """The share of these stops that is more than happens outside the trouble's time."""
    inside = sum(facts.window.overlap(w.start, w.end) for w in windows) / 3600
    outside = facts.window.seconds / 3600 - inside
    all_like = _stops(loss, facts, [facts.window])
    if outside < USUAL_HOURS or not stops:
        return 1.0
    expected = (len(all_like) - len(stops)) / outside * inside
    return max(0.0, 1.0 - expected / len(stops))


def _beyond_usual(facts: Facts, reason: str | None, windows: Sequence[Window]) -> tuple[tuple[Window, float], ...]:
    """Pieces thrown out in each window (for the reason; None: for any) beyond their share outside of them."""
    usual = _usual_scrap(facts, reason, windows)
    found = [(window, *_scrapped(facts, reason, window)) for window in windows]
    return tuple((window, max(0.0, thrown - usual * made)) for window, thrown, made in found)


def _scrapped(facts: Facts, reason: str | None, window: Window) -> tuple[float, float]:
    """Pieces thrown out for the reason in the window, and all that were made."""
    counts = [span for span in facts.counts if window.start <= span.start < window.end]
    thrown = sum(span.scrap if reason is None else span.scrap_by.get(reason, 0.0) for span in counts)
    return thrown, sum(span.produced for span in counts)


def _usual_scrap(facts: Facts, reason: str | None, windows: Sequence[Window]) -> float:
    """The share thrown out for the reason outside these windows; 0 where too little was made there to tell."""
    thrown, made = _scrapped(facts, reason, facts.window)
    for window in windows:
        some, all_of_it = _scrapped(facts, reason, window)
        thrown, made = thrown - some, made - all_of_it
    return max(0.0, thrown / made) if made >= 500 else 0.0
