"""One machine of a drawn plant while it lives: what it can do now, what it has done, what it showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.drawn.effects import Bend
    from simulator.drawn.layout import UnitPlan


class Unit:
    """Pieces per second. Counts are brought up to date only when the rate or a share changes."""

    def __init__(self, plan: UnitPlan, scrap: list[float], recording: bool) -> None:
        self.plan, self.path, self.stage = plan, plan.path, plan.stage
        self.usual = scrap
        self.shares = list(scrap)
        self.loss = sum(scrap)
        self.speed = 0.0  # full speed for the product that is on
        self.standing = 0  # stops that hold it
        self.aborted = 0
        self.rate = 0.0
        self.fed = 0.0
        self.scrapped = [0.0] * len(scrap)
        self.material = 0.0  # what a scrapped piece of the product that is on costs
        self.wasted = 0.0
        self.ran = 0.0
        self.since = 0.0
        self.state = -1
        self.bends: list[Bend] = []
        self.states: list[tuple[float, int]] = []
        self.points: list[tuple[float, ...]] = [(0.0, 0.0, *self.scrapped)]
        self.recording = recording

    def settle(self, now: float) -> None:
        """Count up to now."""
        seconds = now - self.since
        self.since = now
        if self.rate and seconds > 0:
            made = self.rate * seconds
            self.fed += made
            self.ran += seconds
            self.wasted += made * self.loss * self.material
            for index, share in enumerate(self.shares):
                self.scrapped[index] += made * share

    def turn(self, now: float, rate: float) -> None:
        """Another rate from now on."""
        self.settle(now)
        self.rate = rate
        if self.recording:
            self.points.append((now, self.fed, *self.scrapped))

    def show(self, now: float, state: int) -> None:
        if state != self.state:
            self.state = state
            self.states.append((now, state))

    @property
    def good(self) -> float:
        return self.fed - sum(self.scrapped)
