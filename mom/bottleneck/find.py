"""What holds a line back in a window: facts in, finding out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mom.bottleneck.active import SET_UP, active_windows, side_by_side
from mom.bottleneck.paced import without_paced
from mom.bottleneck.shifting import Held, cut, held, tallies
from mom.facts import Facts, RunSpan, Window
from mom.history.calendar import planned
from mom.history.packml import UNKNOWN

ORDERS_LIMIT = 0.05
"""A line that stands without an order for more of its time is held back by its orders, not by a machine."""
TOO_LITTLE = 1800.0
"""Seconds of activity under which nothing is said."""
MIN_COVERAGE = 0.95


@dataclass(frozen=True, slots=True)
class StageShare:
    """One stage: `share` of the time in which it was the momentary bottleneck, `sole` and `shifting` of it."""

    paths: tuple[str, ...]
    name: str
    share: float
    sole: float
    shifting: float


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """`limit`: "machine", "orders" (it stands for want of them) or "" (too little is known: `missing` says what).

    `stages` as pieces pass them; `by_product`, `by_shift`: share by stage, in the same order. `spans`: when each was it.
    """

    line: str
    window: Window
    limit: str
    stages: tuple[StageShare, ...]
    coverage: float
    waiting: float  # share of the worked time without an order to run
    seconds: float  # of the momentary bottleneck together
    by_product: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    by_shift: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    spans: tuple[Held, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def first(self) -> StageShare | None:
        """The stage that was it most of the time."""
        return max(self.stages, key=lambda stage: stage.share, default=None) if self.limit else None


def find_bottleneck(line: str, stages: Sequence[Sequence[Facts]]) -> Bottleneck:
    """`stages`: the facts of the machines of each stage, as pieces pass them, a shared machine behind the line too; one
    window for all. What no machine tells (no states) is missing, and nothing is said where too little was seen."""
    ground = stages[0][0]
    worked = [ground.window] if ground.no_calendar else planned(ground.shifts)
    worked = [part for span in worked if (part := ground.window.cut(span.start, span.end))]
    whole = sum(window.seconds for window in worked)
    missing = [f"states of {f.machine.name}" for stage in stages for f in stage if not f.has_states]
    active = [side_by_side([active_windows(f.states, worked) for f in stage]) for stage in stages]
    spans = held(without_paced(stages, active, ground.window))
    seen = _coverage(stages, worked, whole)
    seconds = sum(span.window.seconds for span in spans)
    if not whole:
        missing.append("planned time in this window")
    if not missing and seen < MIN_COVERAGE:
        missing.append(f"{100 * (1 - seen):.0f} % of the time was not seen")
    if not missing and seconds < TOO_LITTLE:
        missing.append("the line hardly ran")
    waiting = _without_order(stages[0], worked) / whole if whole else 0.0
    limit = "" if missing else "orders" if waiting > ORDERS_LIMIT else "machine"
    return Bottleneck(
        line, ground.window, limit, _shares(stages, spans, seconds), seen, waiting, seconds,
        _by(spans, len(stages), _runs(ground.runs, ground.window)), _by(spans, len(stages), _shifts(ground)),
        tuple(spans), tuple(missing),
    )  # fmt: skip


def _shares(stages: Sequence[Sequence[Facts]], spans: Sequence[Held], seconds: float) -> tuple[StageShare, ...]:
    of = max(seconds, 1e-9)
    return tuple(
        StageShare(
            tuple(f.machine.path for f in stage),
            " and ".join(f.machine.name for f in stage),
            tally.seconds / of,
            tally.sole / of,
            tally.shifting / of,
        )
        for stage, tally in zip(stages, tallies(spans, len(stages)), strict=True)
    )


def _by(spans: Sequence[Held], count: int, groups: Mapping[str, Sequence[Window]]) -> dict[str, tuple[float, ...]]:
    found = {}
    for name, windows in groups.items():
        inside = tallies(cut(spans, windows), count)
        whole = sum(tally.seconds for tally in inside)
        if whole >= TOO_LITTLE:
            found[name] = tuple(tally.seconds / whole for tally in inside)
    return found


def _runs(runs: Sequence[RunSpan], window: Window) -> dict[str, list[Window]]:
    found: dict[str, list[Window]] = {}
    for run in runs:
        part = window.cut(run.start, run.end)
        if part and run.product:
            found.setdefault(run.product, []).append(part)
    return found


def _shifts(facts: Facts) -> dict[str, list[Window]]:
    """By the name of the shift."""
    found: dict[str, list[Window]] = {}
    for shift in facts.shifts:
        part = facts.window.cut(shift.start, shift.end)
        if part:
            found.setdefault(shift.name, []).append(part)
    return found


def _without_order(first: Sequence[Facts], worked: Sequence[Window]) -> float:
    """Seconds in which the line's first machine was idle, with nothing to do: not starved, not in a change-over, not held."""
    idle = (span for span in first[0].states if span.state == "Idle" and span.mode != SET_UP)
    return sum(window.overlap(span.start, span.end) for span in idle for window in worked)


def _coverage(stages: Sequence[Sequence[Facts]], worked: Sequence[Window], whole: float) -> float:
    """Of the machine that was seen least."""
    return min((_seen(f, worked) / whole for stage in stages for f in stage), default=0.0) if whole else 0.0


def _seen(facts: Facts, worked: Sequence[Window]) -> float:
    return sum(w.overlap(s.start, s.end) for s in facts.states if s.state != UNKNOWN for w in worked)
