"""The palletiser that all lines share: a work centre of its own, with a lane for each line."""

from __future__ import annotations

from simulator.packml import STARVED
from simulator.plant.line import Line
from simulator.plant.machine import Machine, Stage

LANE_REACH = 1.6  # a lane alone can take this much of its fair share


class Palletiser(Machine):
    """One robot, two lanes. Each lane has its fair share; what one does not need, the other may use."""

    def serve(self, lines: list[Line], capacity: float) -> None:
        """Take from `lines`, at most `capacity` bottles/s in all."""
        self.lines, self.capacity = lines, capacity
        for line in lines:
            line.after.append(self.share)
        self.share()

    @property
    def lanes(self) -> list[Stage]:
        return [line.lane for line in self.lines]

    def share(self) -> None:
        """Divide the robot's time by what waits on the lanes."""
        speeds = self._speeds()
        for line, speed in zip(self.lines, speeds, strict=True):
            if abs(speed - line.lane.speed) > 1e-9:
                line.lane.speed = speed
                line.balance()
        self.rate = sum(lane.rate for lane in self.lanes)
        self.waiting = 0 if self.rate > 0 else STARVED
        if self.lines:
            self.show(self.lines[0].recorder, self.lines[0].env.now)

    def _speeds(self) -> list[float]:
        if self.stops or not self.manned:
            return [0.0] * len(self.lines)
        fair = self.capacity / len(self.lines)
        wants = [self._wanted(line, fair * LANE_REACH) for line in self.lines]
        if sum(wants) <= self.capacity:
            return [fair * LANE_REACH if want else fair for want in wants]
        spare = sum(max(0.0, fair - want) for want in wants)
        return [min(want, fair + spare) if want > fair else fair for want in wants]

    def _wanted(self, line: Line, most: float) -> float:
        if line.level[-1] > 0:
            return 0.0 if line.lane.waiting else most
        packer = line.machines[-1]
        return min(most, packer.rate * (1 - packer.loss))
