"""What a figure is asked for, beside equipment and window: a product, an order, a shift, a crew. Never a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mom.facts import CountSpan, Facts, Window
from mom.history.calendar import merged, shift_at


@dataclass(frozen=True, slots=True)
class Scope:
    """None: all. Scopes that are disjoint and whole (every product, and none) add up to the figure without a scope."""

    product: str | None = None
    order: str | None = None
    shift: str | None = None
    crew: str | None = None

    @property
    def is_whole(self) -> bool:
        return self == WHOLE

    @property
    def of_work(self) -> bool:
        """Whether it is told by what the line made."""
        return self.product is not None or self.order is not None

    def __str__(self) -> str:
        named = {"product": self.product, "order": self.order, "shift": self.shift, "crew": self.crew}
        return ", ".join(f"{name} {value}" for name, value in named.items() if value is not None)


WHOLE = Scope()


def in_shift(facts: Facts, scope: Scope) -> tuple[Window, ...]:
    """The parts of the window in the scope's shift and crew."""
    if scope.shift is None and scope.crew is None:
        return (facts.window,)
    spans = [
        shift
        for shift in facts.shifts
        if scope.shift in (None, shift.name) and scope.crew in (None, shift.crew)
    ]  # fmt: skip
    return merged(cut for shift in spans if (cut := facts.window.cut(shift.start, shift.end)))


def in_scope(facts: Facts, scope: Scope) -> tuple[Window, ...]:
    """The parts of the window that the scope covers: its shift, while its product or order was on the line."""
    windows = in_shift(facts, scope)
    if not scope.of_work:
        return windows
    runs = [
        Window(run.start, run.end)
        for run in facts.runs
        if scope.product in (None, run.product) and scope.order in (None, run.order)
    ]  # fmt: skip
    return within(windows, merged(runs))


def within(windows: Sequence[Window], others: Sequence[Window]) -> tuple[Window, ...]:
    """What lies in both, in order."""
    return merged(cut for one in windows for other in others if (cut := one.cut(other.start, other.end)))


def counts_in_scope(facts: Facts, scope: Scope) -> Iterable[CountSpan]:
    """Pieces by their own label; of a crew: those that began in its shifts."""
    for span in facts.counts:
        if scope.product not in (None, span.product) or scope.order not in (None, span.order):
            continue
        if scope.shift is None and scope.crew is None:
            yield span
            continue
        shift = shift_at(facts.shifts, span.start)
        name, crew = (shift.name, shift.crew) if shift else (span.shift, None)
        if scope.shift in (None, name) and scope.crew in (None, crew):
            yield span
