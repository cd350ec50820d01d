"""The batches of a line: its orders as they were run, with their change-overs, and those that are to come."""

from collections.abc import Mapping, Sequence

import numpy as np

from mom.facts import RunSpan
from mom.flow.curve import WorkClock, seconds_in
from mom.flow.line import CannotReplay, LineFacts, counted
from mom.flow.machine import MachineFlow, span_of
from mom.flow.orders import OrderFact, feed_ratio, to_come
from mom.flow.replay import ENDLESS, Batch
from mom.flow.steps import Span, Steps
from mom.kpis.elements import ideal_rate
from mom.losses.set_up import standard_seconds

GAP = 300.0
"""A line that was empty for longer waited for the next order's release."""


def batches(
    line: LineFacts, clock: WorkClock, machines: Mapping[str, MachineFlow], weights: Sequence[Mapping[str, Steps]]
) -> tuple[tuple[Batch, ...], tuple[float, ...]]:
    runs = _runs(line, clock)
    known = {order.key: order for order in line.orders}
    edges = [*(start for start, _ in runs), clock.at(line.constraint.window.end)]
    fed = [_fed(line, machines, edges[i], edges[i + 1]) for i in range(len(runs))]
    done = [
        (n, known[run.order].quantity) for n, (_, run) in zip(fed[1:-1], runs[1:-1], strict=False) if run.order in known
    ]
    ratio = feed_ratio(done)
    set_ups = _set_ups(line, clock)
    made: list[Batch] = []
    for i, (start, run) in enumerate(runs):
        pieces = fed[i]
        if i == len(runs) - 1:
            order = known.get(run.order or "")
            earlier = fed[i] if i else 0.0
            pieces = max(order.quantity * ratio, earlier) if order else ENDLESS
        set_up = _longest_before(set_ups, start) if i else None
        begins = _release(line, clock, machines, start, set_up, known.get(run.order or "")) if i else start
        long = set_up[1] - set_up[0] if set_up else 0.0
        made.append(
            _batch(line, weights, machines, run.order, run.product, pieces, (start, edges[i + 1]), begins, long)
        )
    starts = tuple(edges[:-1])
    return (*made, *_coming(line, clock, weights, machines, runs, ratio)), starts


def _runs(line: LineFacts, clock: WorkClock) -> list[tuple[float, RunSpan]]:
    """The runs in the window, those of no working time left out; one run of everything where none is known."""
    facts = line.constraint
    found: list[tuple[float, RunSpan]] = []
    for run in sorted(facts.runs, key=lambda r: r.start):
        start, end = span_of(clock, run.start, run.end)
        if run.end <= facts.window.start or (end <= start and not run.open):
            continue
        found.append((start, run))
    return found or [(0.0, RunSpan(0, facts.window.start, facts.window.end, True, None, None))]


def _fed(line: LineFacts, machines: Mapping[str, MachineFlow], start: float, end: float) -> float:
    at = np.array([start, end])
    return float(sum(np.diff(machines[f.machine.path].pieces.at(at))[0] for f in line.stages[0]))


def _batch(
    line: LineFacts,
    weights: Sequence[Mapping[str, Steps]],
    machines: Mapping[str, MachineFlow],
    order: str | None,
    product: str | None,
    pieces: float,
    span: Span,
    begins: float,
    set_up: float,
) -> Batch:
    pace, keeps = [], []
    for index, units in enumerate(line.stages):
        scale = line.shared if index == len(line.stages) - 1 else 1.0
        rate = sum((ideal_rate(f, product) or 0.0) * scale / 60 for f in units)
        if rate <= 0:
            raise CannotReplay(f"no standard rate of {product or 'the product'} at {units[0].machine.name}")
        pace.append(1 / rate)
        keeps.append(1.0 if scale < 1.0 else _keeps([machines[f.machine.path] for f in units], span))
    return Batch(order, product, max(pieces, 0.0), tuple(pace), tuple(keeps), begins, set_up)


def _keeps(units: Sequence[MachineFlow], span: Span, least: float = 200.0) -> float:
    """The share of what a stage took in that it let go; of all its time where the span has few pieces."""
    at = np.array(span)
    made = sum(float(np.diff(unit.pieces.at(at))[0]) for unit in units)
    thrown = sum(float(np.diff(unit.scrapped.at(at))[0]) for unit in units)
    if made < least:
        made, thrown = sum(u.pieces.whole for u in units), sum(u.scrapped.whole for u in units)
    return 1.0 - min(0.9, thrown / made) if made > 0 else 1.0


def _set_ups(line: LineFacts, clock: WorkClock) -> list[Span]:
    """Change-overs of the line, as its constraint (else any machine) shows them, those that meet joined."""
    for facts in (line.constraint, *(f for stage in line.stages for f in stage)):
        spans = [span_of(clock, s.start, s.end) for s in facts.states if s.mode == "set_up"]
        if any(end > start for start, end in spans):
            joined = seconds_in(spans)
            edges = joined.x.tolist()
            return _joined(list(zip(edges[::2], edges[1::2], strict=True)))
    return []


def _joined(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in spans:
        if found and start - found[-1][1] < 1.0:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def _longest_before(set_ups: Sequence[Span], start: float) -> Span | None:
    """The change-over that belongs to a run which began at `start`: it ends then, or lies in its first minutes."""
    near = [span for span in set_ups if span[0] - 120 <= start <= span[1] + 600]
    return max(near, key=lambda span: span[1] - span[0], default=None)


def ends(
    line: LineFacts, machines: Mapping[str, MachineFlow], batches: Sequence[Batch], starts: Sequence[float]
) -> list[float]:
    """When the last machine had the last piece of each batch but the one that is on."""
    found = []
    for i, start in enumerate(starts[1:], 1):
        begun = start - batches[i].set_up
        found.append(max((_last_run(machines[f.machine.path], begun) for f in counted(line)), default=begun))
    return found


def left(line: LineFacts, machines: Mapping[str, MachineFlow], start: float) -> float:
    """Good pieces of the batch that is on which have left the line."""
    last = [machines[f.machine.path] for f in counted(line)]
    at = np.array([start, np.inf])
    return sum(float(np.diff(m.pieces.at(at))[0] - np.diff(m.scrapped.at(at))[0]) for m in last)


def _release(
    line: LineFacts,
    clock: WorkClock,
    machines: Mapping[str, MachineFlow],
    start: float,
    set_up: Span | None,
    order: OrderFact | None,
) -> float:
    """Before this the order could not begin: its release, or when it did begin where the line was empty before."""
    begun = set_up[0] if set_up else start
    last = max((_last_run(machines[f.machine.path], begun) for f in counted(line)), default=begun)
    if begun - last > GAP:
        return begun
    return min(begun, clock.at(order.release)) if order and order.release else 0.0


def _last_run(machine: MachineFlow, before: float) -> float:
    """When the machine last ran before this."""
    ran = machine.ran
    level = float(ran.at(np.array([before]))[0])
    first = int(np.searchsorted(ran.y, level - 1e-6))
    if first >= len(ran.x) or level <= 0:
        return before
    return min(before, float(ran.x[first]) if ran.y[first] <= level + 1e-6 else before)


def _coming(
    line: LineFacts,
    clock: WorkClock,
    weights: Sequence[Mapping[str, Steps]],
    machines: Mapping[str, MachineFlow],
    runs: Sequence[tuple[float, RunSpan]],
    ratio: float,
) -> list[Batch]:
    facts, last = line.constraint, runs[-1][1].product
    whole = (float(clock.curve.y[0]), float(clock.curve.y[-1]))
    found: list[Batch] = []
    for order in to_come(line.orders, [run.order for _, run in runs]):
        set_up = standard_seconds(facts, last, order.product) or 0.0 if order.product != last else 0.0
        begins = clock.at(order.release) if order.release else 0.0
        if order.release and order.release >= facts.window.end:
            begins = float("inf")
        found.append(
            _batch(line, weights, machines, order.key, order.product, order.quantity * ratio, whole, begins, set_up)
        )
        last = order.product
    return found
