"""When a machine is active: it works, or it is held up by itself. It is not while it waits for others.

Source: Roser, Nakano, Tanaka, "Shifting bottleneck detection", Winter Simulation Conference 2002, pp. 1079-1086: a
machine that is starved or blocked is not the bottleneck; the longer it was not, the more it holds the others back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mom.facts import StateSpan, Window
from mom.history.packml import PRODUCING, STANDING

BLIP = 3.0
"""Seconds of waiting that do not interrupt: a controller that flickers."""
SET_UP = "set_up"


def active_windows(states: Sequence[StateSpan], worked: Sequence[Window]) -> list[Window]:
    """Of one machine, in order, within worked time. A change-over is the whole line's: nobody is active in it."""
    acting = [
        span for span in states if (span.state in PRODUCING or span.state in STANDING) and span.mode != SET_UP
    ]  # fmt: skip
    found: list[Window] = []
    for span in sorted(acting, key=lambda s: s.start):
        for shift in worked:
            part = shift.cut(span.start, span.end)
            if part and found and (part.start - found[-1].end).total_seconds() <= BLIP:
                found[-1] = Window(found[-1].start, max(found[-1].end, part.end))
            elif part:
                found.append(part)
    return found


def side_by_side(units: Sequence[Sequence[Window]]) -> list[Window]:
    """Machines of one stage are active as a stage while all of them are: if one waits, the stage has room left."""
    found = list(units[0])
    for other in units[1:]:
        found = list(_both(found, other))
    return found


def _both(one: Sequence[Window], other: Sequence[Window]) -> Iterable[Window]:
    i = j = 0
    while i < len(one) and j < len(other):
        part = one[i].cut(other[j].start, other[j].end)
        if part:
            yield part
        if one[i].end < other[j].end:
            i += 1
        else:
            j += 1


def edges_of(windows: Iterable[Window]) -> list[datetime]:
    return sorted({edge for window in windows for edge in (window.start, window.end)})
