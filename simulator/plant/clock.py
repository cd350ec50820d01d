"""When a machine stops by itself: a clock per cause that runs only while the machine runs."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from simulator.plant.causes import StopCause
from simulator.plant.machine import Machine

Strike = Callable[[Machine, StopCause, Random], None]


class StopClock:
    """Counts running time towards the next stop of each cause (exponential, so redrawing it changes no odds)."""

    def __init__(self, env: Any, machine: Machine, causes: tuple[StopCause, ...], strike: Strike) -> None:
        self.env, self.machine, self.causes, self._strike = env, machine, causes, strike
        self.need = [float("inf")] * len(causes)  # running time left, in units of the mean
        self.draws: list[Random] = []
        self._since: float | None = None
        self._version = 0

    def draw(self, streams: list[Random]) -> None:
        """Begin anew with a stream for each cause (at the start of a shift)."""
        self.pause()
        self.draws = streams
        self.need = [stream.expovariate(1.0) for stream in streams]
        self.follow()

    def follow(self) -> None:
        """Start or hold the clock as the machine runs or stands."""
        if self.machine.rate > 0:
            if self._since is None:
                self._run()
        elif self._since is not None:
            self.pause()

    def pause(self) -> None:
        if self._since is None:
            return
        passed = self.env.now - self._since
        self.need = [left - passed * self._pace(i) for i, left in enumerate(self.need)]
        self._since = None
        self._version += 1

    def _pace(self, index: int) -> float:
        cause = self.causes[index]
        return self.machine.hazard.get(cause.name, 1.0) / (cause.apart * 60)

    def _run(self) -> None:
        self._since = self.env.now
        self._version += 1
        version = self._version
        waits = [max(0.0, left) / self._pace(i) for i, left in enumerate(self.need)]
        index = min(range(len(waits)), key=waits.__getitem__)
        if waits[index] < float("inf"):
            timeout = self.env.timeout(waits[index])
            timeout.callbacks.append(lambda _: self._due(index) if version == self._version else None)

    def _due(self, index: int) -> None:
        self.pause()
        stream = self.draws[index]
        self.need[index] = stream.expovariate(1.0)
        self._strike(self.machine, self.causes[index], stream)
        self.follow()
