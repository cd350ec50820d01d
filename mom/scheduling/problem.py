"""A scheduling problem: orders, lines, change-overs and worked time. Validated when made."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate, pairwise

from mom.errors import BadInput
from mom.facts import SetUpStandard, Window

DAY = 86400.0


@dataclass(frozen=True)
class Line:
    """A line and when it may work: `open` windows in order, without overlaps. `product`: what it is set up for."""

    path: str
    name: str
    open: tuple[Window, ...]
    product: str | None = None
    hour_cost: float = 0.0

    @cached_property
    def _before(self) -> list[float]:
        """Worked seconds before each window."""
        return list(accumulate((window.seconds for window in self.open), initial=0.0))

    @property
    def capacity(self) -> float:
        """All worked seconds there are."""
        return self._before[-1]

    def worked(self, at: datetime) -> float:
        """Seconds that the line works from its beginning to `at`."""
        index = bisect_right([window.start for window in self.open], at) - 1
        if index < 0:
            return 0.0
        window = self.open[index]
        return self._before[index] + min(window.seconds, (at - window.start).total_seconds())

    def moment(self, worked: float, *, start: bool) -> datetime:
        """The moment after so many worked seconds; where work pauses there: its beginning (`start`) or its end."""
        index = bisect_right(self._before, worked) - 1 if start else self._first_reaching(worked)
        index = min(max(index, 0), len(self.open) - 1)
        return self.open[index].start + timedelta(seconds=worked - self._before[index])

    def _first_reaching(self, worked: float) -> int:
        return next((i for i in range(len(self.open)) if self._before[i + 1] >= worked), len(self.open) - 1)

    def without(self, down: Window) -> "Line":
        """The line with a time taken out in which it stands."""
        kept = [
            Window(start, end)
            for window in self.open
            for start, end in ((window.start, min(window.end, down.start)), (max(window.start, down.end), window.end))
            if start < end
        ]
        return Line(self.path, self.name, tuple(kept), self.product, self.hour_cost)


@dataclass(frozen=True, slots=True)
class Order:
    """`seconds`: run time by line, set-up not included; only these lines can make it. `late_cost` a day."""

    number: str
    product: str
    quantity: float
    seconds: Mapping[str, float]
    due: datetime | None = None
    release: datetime | None = None
    late_cost: float = 0.0


@dataclass(frozen=True)
class Problem:
    """BadInput names the order, line and field that cannot be."""

    start: datetime
    lines: tuple[Line, ...]
    orders: tuple[Order, ...]
    set_ups: tuple[SetUpStandard, ...] = ()
    assumptions: tuple[str, ...] = field(default=())  # in words, to be told with every plan

    def __post_init__(self) -> None:
        paths = [line.path for line in self.lines]
        numbers = [order.number for order in self.orders]
        for what, names in (("line", paths), ("order", numbers)):
            if twice := {name for name in names if names.count(name) > 1}:
                raise BadInput(f"{what} {min(twice)} stands twice in the scheduling problem.")
        for line in self.lines:
            _check_line(line)
        for order in self.orders:
            _check_order(order, set(paths))

    @cached_property
    def by_path(self) -> dict[str, Line]:
        return {line.path: line for line in self.lines}

    @cached_property
    def by_number(self) -> dict[str, Order]:
        return {order.number: order for order in self.orders}

    def set_up(self, line: str, before: str | None, after: str) -> float:
        """Standard change-over in seconds: the most specific rule counts; none between orders of one product."""
        if before == after:
            return 0.0
        fitting = [
            (bool(rule.from_product) + bool(rule.to_product), rule.seconds)
            for rule in self.set_ups
            if rule.line == line and rule.from_product in (None, before) and rule.to_product in (None, after)
        ]
        return max(fitting, default=(0, 0.0))[1]


def _check_line(line: Line) -> None:
    if not line.open:
        raise BadInput(f"line {line.path} never works in the time looked at.", remedy="Look further ahead.")
    for earlier, later in pairwise(line.open):
        if later.start < earlier.end:
            raise BadInput(f"line {line.path}: worked times overlap at {later.start.isoformat()}.")


def _check_order(order: Order, lines: set[str]) -> None:
    if not order.seconds.keys() & lines or order.seconds.keys() - lines:
        raise BadInput(
            f"order {order.number}: no line of this problem can make {order.product}.", remedy="Give it a rate."
        )
    if any(seconds < 0 for seconds in order.seconds.values()):
        raise BadInput(f"order {order.number}: its run time is negative.")


def windows_without_overlap(windows: Sequence[Window]) -> tuple[Window, ...]:
    """Sorted and merged."""
    merged: list[Window] = []
    for window in sorted(windows, key=lambda w: w.start):
        if merged and window.start <= merged[-1].end:
            merged[-1] = Window(merged[-1].start, max(merged[-1].end, window.end))
        else:
            merged.append(window)
    return tuple(merged)
