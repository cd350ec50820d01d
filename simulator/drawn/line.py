"""A line of stages as flows: between two events every machine has one rate, and buffers fill and drain.

A stage whose way in has run empty waits until it has filled to a mark (starved); one whose way out is full waits until
it has drained to one (blocked). So a machine that is faster than its line is seen to wait, as real ones are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.drawn.unit import Unit
from simulator.packml import ABORTED, BLOCKED, COMPLETE, EXECUTE, HELD, IDLE, STARVED, STOPPED

if TYPE_CHECKING:
    from simulator.drawn.layout import LinePlan
    from simulator.drawn.orders import Order

FEW, NEVER = 1e-6, float("inf")
FILLED, DRAINED = 0.08, 0.7
"""A starved stage goes on when its way in is so full, a blocked one when its way out is no fuller."""


class Line:
    """`lane`: the rate at which a shared machine behind the line takes pieces; infinite where there is none."""

    def __init__(self, plan: LinePlan, stages: list[list[Unit]], has_lane: bool) -> None:
        self.plan, self.stages = plan, stages
        self.units = [unit for stage in stages for unit in stage]
        self.count = len(stages)
        self.has_lane = has_lane
        self.room = list(plan.room[: self.count - (not has_lane)])
        self.level = [0.0] * len(self.room)
        self.net = [0.0] * len(self.room)
        self.waiting = [0] * (self.count + has_lane)
        self.shown = [0] * self.count
        self.complete = [False] * self.count
        self.caps = [0.0] * (self.count + has_lane)
        self.rates = [0.0] * (self.count + has_lane)
        self.out = [0.0] * self.count  # of good pieces
        self.lane_speed = 0.0
        self.to_feed = 0.0
        self.last = 0.0
        self.next = NEVER
        self.manned = True
        self.set_up = False
        self.dry = 0
        self.order: Order | None = None
        self.left = 0.0  # good pieces counted before the present order

    def settle(self, now: float) -> None:
        seconds = now - self.last
        self.last = now
        if seconds <= 0:
            return
        for i, net in enumerate(self.net):
            if net:
                level = self.level[i] + net * seconds
                self.level[i] = 0.0 if level < FEW else min(level, self.room[i])
        if self.rates[0]:
            self.to_feed -= self.rates[0] * seconds

    def balance(self, now: float, *, quiet: bool = False) -> bool:
        """Rates from now on. Returns whether the order has just been completed. `quiet`: nothing but buffers changed."""
        self.settle(now)
        turned = self._run_out()
        quiet = quiet and not turned and (self.to_feed > FEW or self.caps[0] == 0)
        if not quiet:
            self.caps = self._caps()
        self._release()
        while True:
            rates = [0.0 if waits else cap for waits, cap in zip(self.waiting, self.caps, strict=True)]
            if not self._wait(rates):
                break
        self._turn(now, rates, quiet=quiet)
        self._plan(now)
        return turned and self.complete[-1]

    def _caps(self) -> list[float]:
        able = self.manned and not self.set_up
        caps = []
        for i, stage in enumerate(self.stages):
            runs = able and not self.complete[i] and self.order is not None
            caps.append(sum(unit.speed for unit in stage if not unit.standing) if runs else 0.0)
        if self.order is None or self.to_feed <= FEW or self.dry:
            caps[0] = 0.0
        return [*caps, self.lane_speed] if self.has_lane else caps

    def _run_out(self) -> bool:
        """A stage is complete when the one before it is and nothing is left between them. Whether one became so."""
        if self.order is None or self.to_feed > FEW or self.complete[-1]:
            return False
        before = sum(self.complete)
        self.complete[0] = True
        for i in range(1, self.count):
            if self.complete[i - 1] and self.level[i - 1] <= FEW:
                self.complete[i] = True
                self.level[i - 1] = 0.0
        return sum(self.complete) > before

    def _release(self) -> None:
        for i, waits in enumerate(self.waiting):
            if waits == STARVED and i:
                before = i <= self.count and self.complete[i - 1] and self.level[i - 1] > FEW
                if before or self.level[i - 1] >= FILLED * self.room[i - 1] - FEW:
                    self.waiting[i] = 0
            elif waits == BLOCKED and self.level[i] <= DRAINED * self.room[i] + FEW:
                self.waiting[i] = 0

    def _wait(self, rates: list[float]) -> bool:
        """Suspends those that run dry or full; whether there was one."""
        found = False
        for i, rate in enumerate(rates):
            if rate <= 0:
                continue
            if i and self.level[i - 1] <= FEW and self._flow(rates, i - 1) < rate - FEW:
                self.waiting[i] = STARVED
                found = True
            elif (
                i < len(self.room) and self.level[i] >= self.room[i] - FEW and rates[i + 1] < self._flow(rates, i) - FEW
            ):
                self.waiting[i] = BLOCKED
                found = True
        return found

    def _flow(self, rates: list[float], i: int) -> float:
        """Good pieces a second that leave stage i at these rates."""
        stage = self.stages[i]
        if len(stage) == 1:
            return rates[i] * (1 - stage[0].loss)
        speed = sum(unit.speed for unit in stage if not unit.standing)
        return rates[i] * (1 - sum(u.speed * u.loss for u in stage if not u.standing) / speed) if speed > 0 else 0.0

    def _turn(self, now: float, rates: list[float], *, quiet: bool) -> None:
        old, self.rates = self.rates, rates
        for i, stage in enumerate(self.stages):
            if quiet and rates[i] == old[i] and self.waiting[i] == self.shown[i]:
                continue
            runs = rates[i] > 0
            for unit in stage:
                rate = unit.speed if runs and not unit.standing else 0.0
                if rate != unit.rate:
                    unit.turn(now, rate)
                unit.show(now, self._state(i, unit))
            self.out[i] = self._flow(rates, i) if runs else 0.0
        self.shown = self.waiting[: self.count]
        for i in range(len(self.net)):
            self.net[i] = self.out[i] - rates[i + 1]

    def _state(self, i: int, unit: Unit) -> int:
        if unit.standing:
            return ABORTED if unit.aborted else HELD
        if self.set_up or not self.manned:
            return STOPPED
        if self.order is None:
            return IDLE
        if self.complete[i]:
            return COMPLETE
        if self.waiting[i]:
            return self.waiting[i]
        if unit.rate > 0:
            return EXECUTE
        return STARVED if i == 0 and self.dry else COMPLETE if i == 0 else IDLE

    def _plan(self, now: float) -> None:
        """When the next buffer or the order's end changes something."""
        soonest = NEVER
        for i, net in enumerate(self.net):
            if net > FEW:
                level, room = self.level[i], self.room[i]
                if self.waiting[i + 1] == STARVED and level < FILLED * room:
                    room = FILLED * room
                if level < room:
                    soonest = min(soonest, (room - level) / net)
            elif net < -FEW:
                level = self.level[i]
                if self.waiting[i] == BLOCKED and level > DRAINED * self.room[i]:
                    level -= DRAINED * self.room[i]
                if level > 0:
                    soonest = min(soonest, level / -net)
        if self.rates[0] > 0 and self.to_feed > FEW:
            soonest = min(soonest, self.to_feed / self.rates[0])
        self.next = now + max(soonest, 1e-6) if soonest < NEVER else NEVER

    def made(self, now: float) -> float:
        """Good pieces that have left the last stage, ever."""
        for unit in self.stages[-1]:
            unit.settle(now)
        return sum(unit.good for unit in self.stages[-1])
