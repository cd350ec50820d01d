"""A machine's production in bins of time: how long it ran, and what of it the pieces made do not account for."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import timedelta

from mom.facts import CountSpan, Facts, Window
from mom.losses.production import production_spans
from mom.losses.stretch import Bin

BIN = timedelta(minutes=5)
Standard = Callable[[Facts, CountSpan], float | None]
"""Seconds that the pieces of a count should have taken; None: nobody knows."""


def pace_of(facts: Facts, out: Sequence[Window], standard: Standard) -> list[Bin]:
    """Production time of five minutes each, `out` left out, and what of it the pieces made do not account for; from the
    first to the last that were told. None where a count has no standard."""
    counts = [span for span in facts.counts if span.ideal_seconds is None and not _in(span, out)]
    if not counts:
        return []
    runs, bins, count = production_spans(facts), [], 0
    starts, ends = [run.start for run in runs], [run.end for run in runs]
    at, upto = counts[0].start, min(facts.window.end, max(span.end for span in counts))
    while at < upto:
        window = Window(at, min(at + BIN, upto))
        near = runs[bisect_right(ends, at) : bisect_left(starts, window.end)]
        ran = sum(window.overlap(run.start, run.end) for run in near)
        ran -= sum(w.overlap(r.start, r.end) for o in out if (w := window.cut(o.start, o.end)) for r in near)
        worth = 0.0
        while count < len(counts) and counts[count].start < window.end:
            seconds = standard(facts, counts[count])
            if seconds is None:
                return []
            worth, count = worth + seconds, count + 1
        if ran > 0 or worth > 0:
            bins.append(Bin(window, ran, ran - worth))
        at += BIN
    return bins


def _in(span: CountSpan, windows: Sequence[Window]) -> bool:
    return any(window.start <= span.start < window.end for window in windows)
