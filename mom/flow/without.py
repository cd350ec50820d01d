"""The same line without a trouble: what its stops, slowness, scrap or long change-over took is given back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mom.facts import Window
from mom.flow.followers import freed, usual_speed
from mom.flow.machine import BLOCK, MachineFlow, span_of
from mom.flow.observed import Observed
from mom.flow.replay import Batch, Stage
from mom.flow.steps import Span, Steps, constant, mean_of


@dataclass(frozen=True)
class Taken:
    """What a trouble took, at the machine with this path.

    `stood`: when it stood for it (or had no material). `slow`: when it ran slowly for it. `scrapped`: pieces thrown out
    for it, by window. `longer`: seconds by which a change-over in that window took too long. `lasted`: all of its time, of
    which only a part may be looked at: none of it tells how fast the machine usually is.
    """

    path: str
    stood: tuple[Window, ...] = ()
    slow: tuple[Window, ...] = ()
    scrapped: tuple[tuple[Window, float], ...] = ()
    longer: tuple[tuple[Window, float], ...] = ()
    lasted: tuple[Window, ...] = ()

    def spans(self) -> list[Window]:
        return [*self.stood, *self.slow, *(w for w, _ in self.scrapped), *(w for w, _ in self.longer)]


@dataclass(frozen=True)
class Without:
    stages: tuple[Stage, ...]
    batches: tuple[Batch, ...]


def without(observed: Observed, taken: Taken) -> Without | None:
    """None where the machine is none of this line."""
    index = observed.stage_of(taken.path)
    if index is None:
        return None
    stages = list(observed.stages)
    if taken.stood or taken.slow:
        stages[index] = _stage(observed, index, taken)
    if taken.slow:
        for other in range(len(stages)):
            if other != index:
                stages[other] = _freed(observed, other, index, taken)
    batches = [*observed.batches]
    for window, pieces in taken.scrapped:
        _keep(observed, batches, index, window, pieces)
    for window, seconds in taken.longer:
        _shorten(observed, batches, window, seconds)
    return Without(tuple(stages), tuple(batches))


def _stage(observed: Observed, index: int, taken: Taken) -> Stage:
    """The stage with this machine as ready, or as fast, as it usually is."""
    clock, stage = observed.clock, observed.stages[index]
    stood = [span_of(clock, w.start, w.end) for w in taken.stood]
    slow = [_blocks(span_of(clock, w.start, w.end)) for w in taken.slow]
    lasted = _lasted(observed, taken) if slow else []
    shares = []
    for path, standard in observed.weights[index].items():
        machine = observed.machines[path]
        share = _relieved(machine, stood, slow, lasted) if path == taken.path else machine.share
        known = standard.y[standard.y > 0]
        shares.append((float(known.mean()) if len(known) else 1e-9, share))
    return replace(stage, share=mean_of(shares).short())


def _lasted(observed: Observed, taken: Taken) -> list[Span]:
    return [_blocks(span_of(observed.clock, w.start, w.end)) for w in (*taken.slow, *taken.lasted)]


def _freed(observed: Observed, other: int, index: int, taken: Taken) -> Stage:
    """Another stage, not held to the pace of the slow machine; a stage of several units, or that lines share, stays."""
    stage, units, slow = observed.stages[other], observed.weights[other], observed.weights[index]
    if len(units) > 1 or len(slow) > 1 or stage.shared:
        return stage
    ((path, standard),) = units.items()
    machine, spans = observed.machines[path], [_blocks(span_of(observed.clock, w.start, w.end)) for w in taken.slow]
    normal = usual_speed(machine, _lasted(observed, taken)) or max(1.0, machine.normal(None))
    standards = (standard, slow[taken.path])
    return replace(
        stage, share=freed(stage.share, machine, observed.machines[taken.path], standards, spans, normal).short()
    )


def _blocks(span: Span) -> Span:
    """The whole blocks of time that a slow span touches: a speed is that of its block."""
    return span[0] // BLOCK * BLOCK, -(-span[1] // BLOCK) * BLOCK


def _relieved(machine: MachineFlow, stood: Sequence[Span], slow: Sequence[Span], lasted: Sequence[Span]) -> Steps:
    normal = _normal(machine, lasted)
    share = machine.share
    if slow:
        speed = machine.speed
        x = np.unique(np.concatenate((share.x, speed.x)))
        able = Steps(x, share.at(x) / np.maximum(speed.at(x), 1e-9))
        share = share.filled(slow, able.times(constant(normal)))
    return share.filled(stood, constant(machine.usual * normal)) if stood else share


def _normal(machine: MachineFlow, slow: Sequence[Span]) -> float:
    """Its usual speed against the standard; the standard if there is no time that could tell it."""
    if not slow:
        return max(usual_speed(machine, slow) or 0.0, machine.normal(None))
    return usual_speed(machine, slow) or max(1.0, machine.normal(None))


def _keep(observed: Observed, batches: list[Batch], index: int, window: Window, pieces: float) -> None:
    """Give the pieces back to the batches that ran in the window, by what each had at that stage."""
    start, end = span_of(observed.clock, window.start, window.end)
    edges = [*observed.starts, max(observed.until, end)]
    overlap = [max(0.0, min(end, edges[i + 1]) - max(start, edges[i])) for i in range(len(observed.starts))]
    whole = sum(overlap)
    if whole <= 0:
        return
    at = [np.array([max(start, edges[i]), min(end, edges[i + 1])]) for i in range(len(overlap))]
    units = [observed.machines[f.machine.path] for f in observed.line.stages[index]]
    for i, long in enumerate(overlap):
        if long <= 0:
            continue
        span = np.array([edges[i], edges[i + 1]])
        fed = sum(float(np.diff(unit.pieces.at(span))[0]) for unit in units)
        here = sum(float(np.diff(unit.scrapped.at(at[i]))[0]) for unit in units)
        all_here = sum(float(np.diff(unit.scrapped.at(np.array([start, end])))[0]) for unit in units)
        share = here / all_here if all_here > 0 else long / whole
        if fed > 0:
            keeps = list(batches[i].keeps)
            keeps[index] = min(1.0, keeps[index] + pieces * share / fed)
            batches[i] = replace(batches[i], keeps=tuple(keeps))


def _shorten(observed: Observed, batches: list[Batch], window: Window, seconds: float) -> None:
    """The change-over in the window ends so much sooner."""
    end = observed.clock.at(window.end)
    began = [i for i, start in enumerate(observed.starts) if start >= end - 600 and batches[i].set_up > 0]
    if began:
        batch = batches[began[0]]
        batches[began[0]] = replace(batch, set_up=max(0.0, batch.set_up - seconds))
