"""What one machine could do, moment by moment, as its own facts tell: its stops, its speed against the standard.

While it waited for others nobody saw whether it could have run: there it is taken to be as ready as it usually is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mom.facts import CountSpan, Facts, StateSpan, Window
from mom.flow.curve import Curve, WorkClock, pieces_by, seconds_in
from mom.flow.steps import Span, Steps, constant
from mom.history.packml import OUTSIDE, PRODUCING, STANDING, UNKNOWN
from mom.kpis.elements import ideal_rate

Floats = NDArray[np.float64]
BLOCK = 1200.0
"""Working seconds over which a machine's speed is taken as one."""
ENOUGH = 0.2
"""Of a block, run through at the standard, that tells a speed."""
COUNTS_BADLY = 0.3
"""Under this share of the standard it is the counter that stands, not the machine that crawls."""
SHORT = 1800.0
"""A longer stop is no part of what is usual."""
ORDINARY, WEIGHT = 0.985, 4 * 3600.0
"""How ready a machine is before anything is known of it, and the running seconds that this is worth."""


@dataclass(frozen=True)
class MachineFlow:
    """`share`: of its full speed, by working second. `usual`: how ready it is while it is not seen. `pace`: its ordinary
    speed against the standard, by product."""

    path: str
    share: Steps
    usual: float
    speed: Steps
    pace: Mapping[str | None, float]
    ran: Curve
    pieces: Curve
    scrapped: Curve

    def normal(self, product: str | None) -> float:
        return self.pace.get(product, self.pace.get(None, 1.0))


def machine_flow(facts: Facts, clock: WorkClock, rates: Steps, outside: Collection[str]) -> MachineFlow:
    """`rates`: its standard, pieces a second, by working second. `outside`: what it waits for that no machine of the line
    gives: the first of a line is starved from outside, the last one blocked."""
    states = _spans(facts.states, clock)
    ran = seconds_in(span for span, state in states if state.state in PRODUCING and not state.mode)
    known = [count for count in facts.counts if not _unknown(facts, count)]
    pieces = pieces_by(known, clock, ran, [count.produced for count in known])
    scrapped = pieces_by(known, clock, ran, [count.scrap for count in known])
    stands = [span for span, state in states if state.state in STANDING and not state.mode]
    usual = _usual(stands, ran)
    blocks, speeds = _speeds(clock, ran, rates, pieces)
    pace = _pace(blocks, speeds, ran, rates)
    speed = _filled(blocks, speeds, pace)
    runs = [span for span, state in states if state.state in PRODUCING and not state.mode]
    shut = [span for span, s in states if s.state in OUTSIDE and s.detail in outside and not s.mode]
    blind = [span for span, state in states if state.state == UNKNOWN]
    able = constant(usual).put(runs, 1.0).put([*stands, *shut], 0.0)
    able = _through_the_dark(able, blind, rates, pieces, speed)
    return MachineFlow(facts.machine.path, able.times(speed).short(), usual, speed, pace, ran, pieces, scrapped)


def standard_of(facts: Facts, clock: WorkClock, scale: float = 1.0) -> Steps:
    """Pieces a second by working second, by the product of the line's run; before the first run as in it."""
    x: list[float] = [-np.inf]
    y: list[float] = []
    for run in sorted(facts.runs, key=lambda r: r.start):
        rate = ideal_rate(facts, run.product) or 0.0
        if y:
            x.append(clock.at(run.start))
        y.append(scale * rate / 60)
    found = Steps(np.array(x), np.array(y or [scale * (ideal_rate(facts, None) or 0.0) / 60]))
    last = np.concatenate((np.diff(found.x) > 0, [True]))
    return Steps(found.x[last], found.y[last])


def span_of(clock: WorkClock, start: datetime, end: datetime) -> Span:
    return clock.at(start), clock.at(end)


def _spans(states: Sequence[StateSpan], clock: WorkClock) -> list[tuple[Span, StateSpan]]:
    found = ((span_of(clock, state.start, state.end), state) for state in states)
    return [(span, state) for span, state in found if span[1] > span[0]]


def _unknown(facts: Facts, count: CountSpan) -> bool:
    """Pieces told at once for a stretch in which nobody counted."""
    long = (count.end - count.start).total_seconds() > 2 * 60
    return long and any(
        Window(count.start, count.end).overlap(w.start, w.end) > 0 for w in facts.uncounted.get(facts.machine.path, ())
    )


def _usual(stands: Sequence[Span], ran: Curve) -> float:
    """The share of its time in which a machine that could work does, short stops apart."""
    stood = sum(end - start for start, end in stands if end - start <= SHORT)
    return float((ran.whole + ORDINARY * WEIGHT) / (ran.whole + stood + WEIGHT))


def _speeds(clock: WorkClock, ran: Curve, rates: Steps, pieces: Curve) -> tuple[Floats, Floats]:
    """Blocks' edges, and the speed against the standard in each; NaN where it cannot be told."""
    first, last = float(clock.curve.y[0]), float(clock.curve.y[-1])
    edges = np.arange(first, last + BLOCK, BLOCK)
    expected = _expected(edges, ran, rates)
    made = np.diff(pieces.at(edges))
    full = np.diff(edges) * np.maximum(rates.at(edges[:-1]), 1e-12)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(expected > ENOUGH * full, made / expected, np.nan)
    return edges, np.where((share > COUNTS_BADLY) & (share < 3.0), share, np.nan)


def _expected(edges: Floats, ran: Curve, rates: Steps) -> Floats:
    """Pieces at the standard between the edges, in the time that it ran."""
    x = np.unique(np.concatenate((edges, rates.x[np.isfinite(rates.x)])))
    parts = np.diff(ran.at(x)) * rates.at(x[:-1])
    total = np.concatenate(([0.0], np.cumsum(parts)))
    return np.asarray(np.diff(np.interp(edges, x, total)))


def _pace(blocks: Floats, speeds: Floats, ran: Curve, rates: Steps) -> dict[str | None, float]:
    """Its ordinary speed against the standard: what it reaches in the better half of its time."""
    known = speeds[~np.isnan(speeds)]
    return {None: float(np.quantile(known, 0.6)) if len(known) else 1.0}


def _filled(blocks: Floats, speeds: Floats, pace: Mapping[str | None, float]) -> Steps:
    y = np.where(np.isnan(speeds), pace[None], speeds)
    return Steps(np.concatenate(([-np.inf], blocks[1:-1])), y) if len(y) else constant(pace[None])


def _through_the_dark(able: Steps, blind: Sequence[Span], rates: Steps, pieces: Curve, speed: Steps) -> Steps:
    """While its source was silent a machine was as able as its pieces of that time say."""
    for start, end in blind:
        rate = float(rates.at(np.array([start]))[0] * speed.at(np.array([start]))[0])
        made = float(np.diff(pieces.at(np.array([start, end])))[0])
        if rate > 0 and made > 0:
            able = able.put([(start, end)], min(1.0, made / (rate * (end - start))))
    return able
