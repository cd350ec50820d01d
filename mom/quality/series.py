"""Measured results of one characteristic under one specification, in order: what a control chart is drawn of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mom.quality.limits import Limits


@dataclass(frozen=True, slots=True)
class Measured:
    """One result of the laboratory or the line. `equipment`: path; `low`, `high`: the limits it was judged by."""

    id: int
    key: str
    equipment: str
    characteristic: str
    value: float
    unit: str
    at: datetime
    product: str | None = None
    order: str | None = None
    lot: str | None = None
    low: float | None = None
    high: float | None = None

    @property
    def outside(self) -> bool:
        below = self.low is not None and self.value < self.low
        return below or (self.high is not None and self.value > self.high)


@dataclass(frozen=True, slots=True)
class Series:
    """Results that one chart may hold: products that have the same limits are one series."""

    equipment: str
    characteristic: str
    unit: str
    low: float | None
    high: float | None
    results: tuple[Measured, ...]

    @property
    def key(self) -> str:
        """Names the series as long as its specification stays as it is."""
        return f"{self.equipment} {self.characteristic} {_said(self.low)}..{_said(self.high)}"

    @property
    def products(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(r.product for r in self.results if r.product))

    @property
    def limits(self) -> Limits | None:
        return None if self.low is None and self.high is None else Limits(self.low, self.high)

    @property
    def values(self) -> list[float]:
        return [r.value for r in self.results]


def series_of(results: Iterable[Measured]) -> list[Series]:
    """By equipment, characteristic and limits, each in order of time; the longest first among those of one characteristic."""
    grouped: dict[tuple[str, str, float | None, float | None], list[Measured]] = defaultdict(list)
    for result in results:
        grouped[result.equipment, result.characteristic, result.low, result.high].append(result)
    made = [_series(key, sorted(some, key=lambda r: (r.at, r.key))) for key, some in grouped.items()]
    return sorted(made, key=lambda s: (s.equipment, s.characteristic, -len(s.results)))


def _series(key: tuple[str, str, float | None, float | None], results: Sequence[Measured]) -> Series:
    equipment, characteristic, low, high = key
    return Series(equipment, characteristic, results[-1].unit, low, high, tuple(results))


def _said(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"
