"""One machine: what it can do now, what it has done, and what its controller shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.packml import COMPLETE, EXECUTE, HELD, IDLE, STARTING, STOPPED
from simulator.plant.causes import SCRAP

if TYPE_CHECKING:
    from simulator.plant.recorder import Recorder



@dataclass
class Stop:
    """A stop from inside: why, since when, and how the controller shows it."""

    machine: str
    name: str
    code: int
    began: float
    state: int = HELD
    ended: float | None = None
    entered: bool = False
    crew: str = ""
    trouble: str = ""  # the planted trouble behind it; nobody outside is told


@dataclass
class Stage:
    """A place where bottles pass at up to `speed` (bottles/s) and some are thrown out."""

    path: str
    kind: str
    speed: float = 0.0
    rate: float = 0.0
    fed: float = 0.0  # bottles taken in so far
    scrapped: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)  # of what is taken in, by scrap reason
    loss: float = 0.0
    waiting: int = 0  # STARVED, BLOCKED or 0
    complete: bool = False
    points: list[tuple[float, ...]] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        """Pass bottles at the present rate for `seconds`."""
        amount = self.rate * seconds
        self.fed += amount
        for reason, share in enumerate(self.shares):
            self.scrapped[reason] += amount * share

    @property
    def good(self) -> float:
        return self.fed - sum(self.scrapped)

    @property
    def able(self) -> bool:
        return True


@dataclass
class Machine(Stage):
    """A stage with a controller. Numbers that a trouble may bend: `slow`, `worse`, `clumsy`, `hazard`."""

    nominal: float = 0.0  # bottles/s at which it is set for the product
    ramp: float = 1.0
    slow: float = 1.0  # set speed against nominal
    worse: dict[str, float] = field(default_factory=dict)  # added share of scrap, by reason
    hazard: dict[str, float] = field(default_factory=dict)  # how many times as often a cause strikes
    clumsy: float = 1.0  # how many times as long a minor stop takes to clear
    early: float = 1.0  # scrap multiplied, just after a change-over
    chance: list[float] = field(default_factory=list)  # scrap of the last ten minutes against the mean
    stops: list[Stop] = field(default_factory=list)  # what holds it at present
    set_up: bool = False
    manned: bool = True
    starting: bool = False
    reasons: tuple[str, ...] = ()
    shown: dict[str, float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reasons = tuple(SCRAP[self.kind])
        count = len(self.reasons)
        self.scrapped, self.shares, self.chance = [0.0] * count, [0.0] * count, [1.0] * count

    @property
    def able(self) -> bool:
        return not self.stops and not self.set_up and self.manned and not self.starting and not self.complete

    def refresh(self) -> None:
        """Speed and scrap shares from all that bears on them."""
        self.speed = self.nominal * self.slow * self.ramp
        usual = SCRAP[self.kind]
        for index, reason in enumerate(self.reasons):
            self.shares[index] = min(0.5, usual[reason] * self.early * self.chance[index] + self.worse.get(reason, 0.0))
        self.loss = sum(self.shares)

    @property
    def state(self) -> int:
        if self.stops:
            return max(stop.state for stop in self.stops) if not self.set_up else STOPPED
        if self.set_up or not self.manned:
            return STOPPED
        if self.starting:
            return STARTING
        if self.complete:
            return COMPLETE
        return self.waiting or (EXECUTE if self.rate > 0 else IDLE)

    def show(self, recorder: Recorder, now: float) -> None:
        """Tell the recorder what the controller's registers show, where they changed."""
        shown = self.shown
        if shown.get("state") != (state := self.state):
            shown["state"] = state
            recorder.changed(now, self.path, "state", state)
        if shown.get("set_up") != self.set_up:
            shown["set_up"] = self.set_up
            recorder.changed(now, self.path, "set_up", int(self.set_up))
        if self.kind == "filler":
            recorder.changed(now, self.path, "speed", round(60 * self.rate, 1))
            recorder.changed(now, self.path, "set_speed", round(60 * self.speed, 1))
