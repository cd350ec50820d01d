"""A serial line as flows: constant rates between events, conveyors as buffers that fill and drain.

Bottles per second and bottles throughout. A machine slows down to its neighbour's pace while that one runs; when the
neighbour stands and the conveyor between them is empty (or full), it is suspended: starved (or blocked), until the
conveyor has filled (or drained) to its restart mark.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator.packml import BLOCKED, EXECUTE, STARVED
from simulator.plant.machine import Machine, Stage

if TYPE_CHECKING:
    from simulator.plant.recorder import Recorder

FEW = 1e-6  # less than this much of a bottle is nothing
RESTART_FULL, RESTART_EMPTY = 0.7, 0.12
NEVER = float("inf")


class Line:
    """The machines of a line in order, behind them its lane of the palletiser."""

    def __init__(
        self, env: Any, path: str, machines: list[Machine], lane: Stage, room: list[float], recorder: Recorder
    ) -> None:
        self.env, self.path, self.machines, self.lane, self.recorder = env, path, machines, lane, recorder
        self.stages: list[Stage] = [*machines, lane]
        self.room = room
        self.level = [0.0] * len(machines)  # level[i]: on the conveyor behind machine i
        self.net = [0.0] * len(machines)
        self.to_feed = 0.0  # bottles that the present order still takes in
        self.done: Any = None  # an event: the last bottle of the order has left the packer
        self.after: list[Callable[[], None]] = []  # who wants to know of new rates
        self._last = 0.0
        self._version = 0

    def settle(self) -> None:
        """Bring counts and conveyors up to now."""
        now = self.env.now
        seconds = now - self._last
        if seconds <= 0:
            return
        self._last = now
        for stage in self.stages:
            if stage.rate:
                stage.run(seconds)
        if self.machines[0].rate:
            self.to_feed -= self.machines[0].rate * seconds
        for i, net in enumerate(self.net):
            if net:
                level = self.level[i] + net * seconds
                self.level[i] = 0.0 if level < FEW else self.room[i] if level > self.room[i] - FEW else level

    def balance(self) -> None:
        """Work out the rates that hold from now on, and when the next conveyor changes them."""
        self.settle()
        self._complete()
        self._release()
        able = self._rates()
        self._wait(able)
        now = self.env.now
        for stage, rate in zip(self.stages, able, strict=True):
            if abs(rate - stage.rate) > 1e-12:
                self._turn(stage, rate, now)
        for i in range(len(self.net)):
            self.net[i] = able[i] * (1 - self.stages[i].loss) - able[i + 1]
        for machine in self.machines:
            machine.show(self.recorder, now)
        for told in self.after:
            told()
        self._plan(now)

    def mark(self) -> None:
        """Note every counter as it stands: the rate or the scrap share changes here."""
        self.settle()
        for stage in self.machines:
            stage.points.append((self.env.now, stage.fed, *stage.scrapped))

    def change(self, what: Callable[[], None] | None = None) -> None:
        """Do `what` bends speeds or scrap shares, at a moment when everything counted so far has been counted."""
        self.mark()
        if what:
            what()
        for machine in self.machines:
            machine.refresh()
        self.balance()

    def feed(self, bottles: float, done: Any) -> None:
        """Take in `bottles` for a new order; `done` happens when the last has left the packer."""
        self.settle()
        self.to_feed, self.done = bottles, done
        for stage in self.machines:
            stage.complete = False
        self.balance()

    def _turn(self, stage: Stage, rate: float, now: float) -> None:
        stage.points.append((now, stage.fed, *stage.scrapped))
        stage.rate = rate

    def _complete(self) -> None:
        """Run out: a machine is complete when the one before it is and its conveyor is empty."""
        if self.done is None or self.to_feed > FEW:
            return
        self.machines[0].complete = True
        for i in range(1, len(self.machines)):
            if self.machines[i - 1].complete and self.level[i - 1] <= FEW:
                self.machines[i].complete = True
        if self.machines[-1].complete:
            done, self.done = self.done, None
            done.succeed()

    def _release(self) -> None:
        for i, stage in enumerate(self.stages):
            if stage.waiting == STARVED:
                mark = min(self.room[i - 1] * RESTART_EMPTY, 150.0)
                if self.level[i - 1] >= mark - FEW or (self.level[i - 1] > 0 and self.stages[i - 1].complete):
                    stage.waiting = 0
            elif stage.waiting == BLOCKED and self.level[i] <= self.room[i] * RESTART_FULL + FEW:
                stage.waiting = 0

    def _rates(self) -> list[float]:
        stages, level, room = self.stages, self.level, self.room
        rates = [s.speed if s.able and not s.waiting else 0.0 for s in stages]
        for i in range(1, len(stages)):
            if level[i - 1] <= 0.0:
                rates[i] = min(rates[i], rates[i - 1] * (1 - stages[i - 1].loss))
        for i in range(len(stages) - 2, -1, -1):
            if level[i] >= room[i]:
                rates[i] = min(rates[i], rates[i + 1] / (1 - stages[i].loss))
        return rates

    def _wait(self, rates: list[float]) -> None:
        """Mark as suspended who could run and cannot: first who is starved, then who is blocked."""
        for i, stage in enumerate(self.stages):
            if rates[i] > 0 or stage.waiting or not stage.able or stage.speed <= 0:
                continue
            if i > 0 and self.level[i - 1] <= 0.0:
                stage.waiting = STARVED
            elif i < len(self.level) and self.level[i] >= self.room[i]:
                stage.waiting = BLOCKED

    def _plan(self, now: float) -> None:
        horizon = NEVER
        for i, net in enumerate(self.net):
            if abs(net) > 1e-12:
                horizon = min(horizon, self._until(i, net))
        if self.machines[0].rate > 0 and self.to_feed > FEW:
            horizon = min(horizon, self.to_feed / self.machines[0].rate)
        self._version += 1
        if horizon < NEVER:
            version = self._version
            timeout = self.env.timeout(max(horizon, 1e-6))
            timeout.callbacks.append(lambda _: self.balance() if version == self._version else None)

    def _until(self, i: int, net: float) -> float:
        """Seconds until conveyor `i` reaches a mark that matters."""
        level, room = self.level[i], self.room[i]
        if net > 0:
            soonest = (room - level) / net
            mark = min(room * RESTART_EMPTY, 150.0)
            if self.stages[i + 1].waiting == STARVED and level < mark:
                soonest = (mark - level) / net
        else:
            soonest = level / -net
            mark = room * RESTART_FULL
            if self.stages[i].waiting == BLOCKED and level > mark:
                soonest = (level - mark) / -net
        return soonest if soonest > 0 else NEVER

    @property
    def running(self) -> bool:
        return any(machine.state == EXECUTE for machine in self.machines)
