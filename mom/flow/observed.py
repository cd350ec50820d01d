"""A line as it was observed, ready to be replayed: its stages with what they could do, its orders as they were run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

import numpy as np

from mom.facts import Window
from mom.flow.batches import batches as batches_of
from mom.flow.batches import ends, left
from mom.flow.curve import WorkClock
from mom.flow.fit import fitted
from mom.flow.line import CannotReplay, LineFacts, counted
from mom.flow.machine import MachineFlow, machine_flow, standard_of
from mom.flow.replay import ENDLESS, Batch, Passed, Stage, replay
from mom.flow.steps import Steps, mean_of
from mom.history.calendar import planned
from mom.kpis.elements import ideal_rate

PORTION = 30.0
"""Seconds of the line's ordinary flow that go through it as one portion."""
LONGEST = 12_000
"""Portions of one replay at most; a longer time is cut into larger ones."""


@dataclass(frozen=True)
class Observed:
    line: LineFacts
    clock: WorkClock
    machines: Mapping[str, MachineFlow]
    stages: tuple[Stage, ...]
    weights: tuple[Mapping[str, Steps], ...]
    batches: tuple[Batch, ...]
    starts: tuple[float, ...]  # of the batches that were begun: working seconds
    portion: float
    until: float  # working second up to which it was seen
    horizon: float  # and up to which it is replayed
    made: float  # good pieces that left the last machine, as counted

    @cached_property
    def base(self) -> Passed:
        return replay(self.stages, self.batches, self.portion, self.horizon)

    @cached_property
    def slowest(self) -> int:
        """The stage that the line's output hangs on: what has passed it is as good as made."""
        work = np.zeros(len(self.stages) - (self.line.shared < 1.0 and len(self.stages) > 1))
        for batch in self.batches[: len(self.starts)]:
            work += np.array(batch.pace[: len(work)]) * batch.weight
        return int(np.argmax(work))

    @cached_property
    def fit(self) -> float:
        """Pieces of the replay for each that was counted."""
        return float(self.base.made(self.until).sum()) / self.made if self.made > 0 else 0.0

    def stage_of(self, path: str) -> int | None:
        return next((i for i, stage in enumerate(self.line.stages) if any(f.machine.path == path for f in stage)), None)


def observe(line: LineFacts, ahead: timedelta = timedelta(0)) -> Observed:
    """`ahead`: so long after what was seen the line is let run on, as it usually runs. Raises CannotReplay, saying what
    is missing."""
    facts = line.constraint
    worked = [Window(facts.window.start, facts.window.end + ahead)] if facts.no_calendar else planned(facts.shifts)
    lived = Window(facts.window.start, facts.window.end + ahead)
    clock = WorkClock([w for span in worked if (w := lived.cut(span.start, span.end))])
    _check(line, clock)
    machines: dict[str, MachineFlow] = {}
    stages, weights = [], []
    for index, units in enumerate(line.stages):
        scale = line.shared if index == len(line.stages) - 1 else 1.0
        standards = {f.machine.path: standard_of(replace(f, runs=facts.runs), clock, scale) for f in units}
        for unit in units:
            path = unit.machine.path
            one = machine_flow(unit, clock, standards[path], _outside(index, len(line.stages)))
            machines[path] = one if scale == 1.0 else _lane(one)
        stages.append(_stage(line, index, machines, standards))
        weights.append(standards)
    until = clock.at(facts.window.end)
    batches, starts = batches_of(line, clock, machines, weights)
    flow = max(sum(b.pieces for b in batches if b.pieces < ENDLESS), 1.0)
    portion = max(_portion(line, weights), flow / LONGEST)
    batches = fitted(
        stages, batches, ends(line, machines, batches, starts), left(line, machines, starts[-1]), portion, until
    )
    made = sum(machines[f.machine.path].pieces.whole - machines[f.machine.path].scrapped.whole for f in counted(line))
    horizon = clock.at(lived.end)
    return Observed(
        line, clock, machines, tuple(stages), tuple(weights), batches, starts, portion, until, horizon, made
    )


def _check(line: LineFacts, clock: WorkClock) -> None:
    if clock.whole < 60:
        raise CannotReplay("no planned time")
    for stage in line.stages[:-1]:
        if any(f.machine.buffer_after is None for f in stage):
            raise CannotReplay(f"the plant file does not tell what the buffer behind {stage[0].machine.name} holds")
    for f in (f for stage in line.stages for f in stage):
        if not f.has_states:
            raise CannotReplay(f"no states of {f.machine.name}")
        if not f.has_counts or not f.counts:
            raise CannotReplay(f"no counts of {f.machine.name}")
        if ideal_rate(f, None) is None and not f.products:
            raise CannotReplay(f"no standard rate of {f.machine.name}")


def _outside(index: int, count: int) -> list[str]:
    """What a stage's machines wait for that no stage of the line gives."""
    return [*(["starved"] if index == 0 else []), *(["blocked"] if index == count - 1 else [])]


def _lane(machine: MachineFlow) -> MachineFlow:
    """Of a shared machine the counts are of all its lines: only whether it stood is taken from it."""
    able = Steps(machine.share.x, (machine.share.y > 0).astype(float))
    return replace(machine, share=able.short(), usual=1.0)


def _stage(line: LineFacts, index: int, machines: Mapping[str, MachineFlow], standards: Mapping[str, Steps]) -> Stage:
    units = line.stages[index]
    shares = [(_typical(standards[f.machine.path]), machines[f.machine.path].share) for f in units]
    room = units[0].machine.buffer_after
    shared = line.shared < 1.0 and 0 < index == len(line.stages) - 1
    return Stage("+".join(f.machine.name for f in units), mean_of(shares).short(), float(room or 0) or 1.0, shared)


def _typical(standard: Steps) -> float:
    known = standard.y[standard.y > 0]
    return float(known.mean()) if len(known) else 1e-9


def _portion(line: LineFacts, weights: Sequence[Mapping[str, Steps]]) -> float:
    """Pieces that the slowest stage lets through in PORTION seconds, at most half of the smallest buffer."""
    flow = min(sum(_typical(s) for s in stage.values()) for stage in weights)
    rooms = [float(stage[0].machine.buffer_after or 0) for stage in line.stages[:-1]]
    least = min((room for room in rooms if room > 0), default=flow * PORTION)
    return max(min(PORTION * flow, least / 2), 0.01)
