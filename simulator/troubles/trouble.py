"""The contract of a planted trouble: when it is there, what it does to the plant, what ends it.

A trouble is the truth that the product has to find out: only evals and tests may read it. One file a trouble in this
folder; they are found by being there. Days are counted back from the end of the past ("now").
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from simulator.plant.machine import Machine
    from simulator.plant.site import Site

DAY = 86400.0
STEP = 3600.0  # a trouble that grows does so every hour
LOOKING = ("inspect", "check", "examine", "overhaul", "service", "find")  # how an order says: look what is wrong
JITTER = 0.35  # days by which the seed moves each beginning and end


@dataclass
class Episode:
    """One time that a trouble was there; seconds from the plant's start, `ended` none while it lasts."""

    trouble: str
    equipment: str
    began: float
    ended: float | None = None


class Trouble(ABC):
    """`when`: (days before now it begins, days before now it is put right or None) for each episode."""

    name: ClassVar[str]
    kind: ClassVar[str]  # which of the big losses it feeds
    equipment: ClassVar[str]  # a machine's or line's path
    part: ClassVar[str] = ""
    words: ClassVar[tuple[str, ...]] = ()  # an order that speaks of these puts it right
    says: ClassVar[str]  # the truth, for those who judge an answer
    shows_in_work: ClassVar[bool] = True  # a technician who inspects the machine finds it
    when: ClassVar[tuple[tuple[float, float | None], ...]]
    repair_minutes: ClassVar[float] = 0.0  # the machine stands while it is put right
    orders: ClassVar[tuple[tuple[str, str], ...]] = ()  # (title, text) of the work order, one per episode

    def __init__(self, site: Site, now: float) -> None:
        self.site, self.now = site, now
        self.episodes: list[Episode] = []
        self._over: Any = None

    @property
    def active(self) -> bool:
        return bool(self.episodes) and self.episodes[-1].ended is None

    @property
    def machine(self) -> Machine:
        return self.site.machines[self.equipment]

    @abstractmethod
    def begin(self) -> None:
        """The trouble is there."""

    @abstractmethod
    def end(self) -> None:
        """It is gone without a trace."""

    def grow(self, hours: float) -> None:  # noqa: B027  most do not grow
        """It has been there for `hours`; called every hour."""

    def live(self) -> Generator[Any, Any, None]:
        """The process: wait, trouble the plant, be put right, for each episode."""
        draw = self.site.streams.of("trouble", self.name)
        for index, (days, until) in enumerate(self.when):
            shift = draw.uniform(-JITTER, JITTER) * DAY
            begins = self.now - days * DAY + shift
            ends = None if until is None else self.now - until * DAY + shift
            if ends is not None and ends <= 0:
                continue
            if begins > self.site.env.now:
                yield self.site.env.timeout(begins - self.site.env.now)
            yield from self._episode(begins, ends, index)

    def _episode(self, began: float, ends: float | None, index: int) -> Generator[Any, Any, None]:
        env = self.site.env
        episode = Episode(self.name, self.equipment, max(began, 0.0))
        self.episodes.append(episode)
        self._over = env.event()
        self.begin()
        while not self._over.triggered and (ends is None or env.now < ends):
            self.grow((env.now - began) / 3600)
            wait = STEP if ends is None else min(STEP, ends - env.now)
            yield self._over | env.timeout(wait)
        if not self._over.triggered:
            yield from self._mended(index)
        episode.ended = env.now
        self.end()

    def _mended(self, index: int) -> Generator[Any, Any, None]:
        """In the past somebody found it and put it right."""
        if self.repair_minutes and self.orders:
            title, text = self.orders[min(index, len(self.orders) - 1)]
            yield from self.site.maintenance.mend(
                self.machine, self.part, title, text, 60 * self.repair_minutes, mode=self.kind
            )

    def put_right(self) -> None:
        """Somebody did the right thing: over at once. Nothing happens when it is not there."""
        if self._over is not None and not self._over.triggered and self.active:
            self._over.succeed()

    def answers_to(self, equipment: str, part: str, text: str) -> bool:
        """Would work on `equipment` that names `part` and says `text` find it?"""
        if equipment not in (self.equipment, self.equipment.split("/")[0]):
            return False
        said = f"{part} {text}".lower()
        if any(word in said for word in (*self.words, self.part) if word):
            return True
        return self.shows_in_work and not part and any(word in said for word in LOOKING)
