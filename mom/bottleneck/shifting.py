"""The momentary bottleneck: the stage whose uninterrupted active period is the longest at that moment. It shifts.

Source: Roser, Nakano, Tanaka 2002 (see active.py). Where the periods of one bottleneck and of the next overlap both
hold the line back (shifting), else one does alone (sole).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mom.bottleneck.active import edges_of
from mom.facts import Window


@dataclass(frozen=True, slots=True)
class Held:
    """From `window.start` to its end stage number `stage` was the bottleneck; `period`: its whole active period."""

    stage: int
    window: Window
    period: Window


@dataclass(frozen=True, slots=True)
class Tally:
    """Seconds in which a stage was the momentary bottleneck, and of its periods as one: alone, and while it shifted."""

    seconds: float
    sole: float
    shifting: float


def held(stages: Sequence[Sequence[Window]]) -> list[Held]:
    """The momentary bottleneck by time, in order; `stages`: their active periods. Time in which none is active is left out."""
    edges = edges_of(window for stage in stages for window in stage)
    place = [0] * len(stages)
    found: list[Held] = []
    for start, end in pairwise(edges):
        now: list[tuple[float, int, Window]] = []
        for number, periods in enumerate(stages):
            while place[number] < len(periods) and periods[place[number]].end <= start:
                place[number] += 1
            if place[number] < len(periods) and periods[place[number]].start <= start:
                period = periods[place[number]]
                now.append((period.seconds, -number, period))
        if now:
            _, number, period = max(now, key=lambda one: one[:2])
            _add(found, Held(-number, Window(start, end), period))
    return found


def _add(found: list[Held], one: Held) -> None:
    last = found[-1] if found else None
    if last and last.stage == one.stage and last.period == one.period and last.window.end == one.window.start:
        found[-1] = Held(one.stage, Window(last.window.start, one.window.end), one.period)
    else:
        found.append(one)


def tallies(spans: Sequence[Held], count: int) -> list[Tally]:
    """By stage."""
    seconds, shifting = [0.0] * count, [0.0] * count
    for span in spans:
        seconds[span.stage] += span.window.seconds
    for one, other in pairwise(spans):
        both = one.period.cut(other.period.start, other.period.end)
        if both and one.stage != other.stage:
            for span in (one, other):
                part = span.window.cut(both.start, both.end)
                shifting[span.stage] += part.seconds if part else 0.0
    return [Tally(all_, max(0.0, all_ - some), min(all_, some)) for all_, some in zip(seconds, shifting, strict=True)]


def cut(spans: Sequence[Held], windows: Sequence[Window]) -> list[Held]:
    """What of it lies in these windows (a product's runs, a shift)."""
    parts = ((span, span.window.cut(w.start, w.end)) for span in spans for w in windows)
    return [Held(span.stage, part, span.period) for span, part in parts if part]
