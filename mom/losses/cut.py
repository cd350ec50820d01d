"""Cut facts of a long window to a shift, without looking through all of them each time."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar

from mom.facts import Facts, Window
from mom.losses.start_up import LASTS


class _Spanning(Protocol):
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...


S = TypeVar("S", bound=_Spanning)


class Cutter:
    """The facts of one machine, by time. Spans that follow each other are in order of their start."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.starts = {
            name: [span.start for span in getattr(facts, name)]
            for name in ("states", "stops", "alarms", "counts", "runs")
        }

    def cut(self, window: Window) -> Facts:
        """The facts of `window`: spans that touch it, counts that begin in it.

        All shifts are kept: what began in this one may last through others. States are kept from LASTS before it: a
        change-over that ended then still makes the line slow.
        """
        facts = self.facts
        counted = self.starts["counts"]
        first = bisect_left(counted, window.start)
        counts = facts.counts[first : bisect_left(counted, window.end)]
        return replace(
            facts,
            window=window,
            states=self._touching("states", facts.states, Window(window.start - LASTS, window.end)),
            stops=self._touching("stops", facts.stops, window),
            alarms=self._touching("alarms", facts.alarms, window),
            runs=self._touching("runs", facts.runs, window, before=1),
            counts=counts,
            counted_before=first > 0,
        )

    def _touching(self, name: str, spans: Sequence[S], window: Window, before: int = 0) -> tuple[S, ...]:
        """Spans that touch the window, and `before` of those that came just before."""
        starts = self.starts[name]
        low = max(0, bisect_right(starts, window.start) - 1 - before)
        high = bisect_left(starts, window.end)
        return tuple(span for span in spans[low:high] if before or span.end > window.start)
