"""One side of a comparison: where its planned time went and what it made, by crew and product."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mom.history.classes import TimeClass


@dataclass(frozen=True, slots=True)
class Lost:
    """A way to lose time: at which machine (path), in which class, for which reason (empty: nobody named one)."""

    equipment: str
    kind: TimeClass
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A way to spoil pieces: at which machine (path), for which reason."""

    equipment: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """Of one product: seconds of production, `amount` made in them (pieces; seconds at the ideal rate for OEE), spoilt of that."""

    seconds: float
    amount: float
    spoilt: Mapping[Spoilt, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stratum:
    """The time of one crew. `planned` seconds are the sum of `lost` and of what was produced in (`made`)."""

    planned: float
    lost: Mapping[Lost, float] = field(default_factory=dict)
    made: Mapping[str, Made] = field(default_factory=dict)  # by product


@dataclass(frozen=True, slots=True)
class Worth:
    """What one good piece of a product is worth, and what one that is spoilt costs beside it."""

    good: float = 1.0
    spoilt: float = 0.0


Side = Mapping[str, Stratum]
"""By crew; all under the empty name where crews are not told apart."""


def value_of(side: Side, worth: Mapping[str, Worth]) -> float:
    """What the side made, valued: pieces, ideal seconds or money."""
    return sum(
        _value(made, worth.get(name, Worth())) for stratum in side.values() for name, made in stratum.made.items()
    )


def _value(made: Made, worth: Worth) -> float:
    return made.amount * worth.good - sum(made.spoilt.values()) * (worth.good + worth.spoilt)
