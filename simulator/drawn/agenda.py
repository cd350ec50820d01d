"""What is going to happen, by time; of two at one moment the one that was written down first."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

What = Callable[[], None]


class Agenda:
    def __init__(self, end: float) -> None:
        self.end = end
        self._entries: list[tuple[float, int, What]] = []
        self._number = 0

    def at(self, moment: float, what: What) -> None:
        self._number += 1
        heappush(self._entries, (moment, self._number, what))

    @property
    def next(self) -> float:
        """When the next thing happens, or the end."""
        return self._entries[0][0] if self._entries else self.end

    def take(self) -> tuple[float, What]:
        moment, _, what = heappop(self._entries)
        return moment, what
