"""What normal production shows often enough to be a habit of it: values, alarms, and the bands of numbers.

All is counted over stretches of equal length, so that it does not matter how recordings are cut. What fewer stretches
than a few show is an incident that happened to be recorded: a trouble in normal production is not learned as normal.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mom.cycles.recording import Recording, Track, Value

STRETCH_S = 600.0
"""Production is counted in stretches of about so long."""
OFTEN = 3
"""So many stretches make a habit, however many there are …"""
SHARE = 0.05
"""… and of fewer stretches this share: the first of up to twenty."""
BEYOND = (3.0, 4.7, 6.3)
"""The end of a uniform range lies, with 95 %, no farther beyond the first, second, third farthest of n that were seen than
this by n widths: the 95 % quantiles of the gamma distribution of shape 1, 2, 3."""


@dataclass(frozen=True, slots=True)
class Usual:
    """`values` of each two-valued signal, `bands` (low, high) of each number, `alarms` that come up."""

    values: Mapping[str, frozenset[Value]]
    bands: Mapping[str, tuple[float, float]]
    alarms: frozenset[str]


def usual(recordings: Sequence[Recording]) -> Usual:
    """What enough stretches of the recordings show."""
    pieces = [piece for one in recordings for piece in stretches(one)]
    values: Counter[tuple[str, Value]] = Counter()
    rose: Counter[str] = Counter()
    ranges: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for piece in pieces:
        values.update({(name, value) for name, track in piece.of_kind("binary").items() for value in track.values})
        rose.update({name for _, name in piece.rises()})
        for name, track in piece.of_kind("number").items():
            ranges[name].append(_range(track))
    least = enough(len(pieces))
    known: dict[str, set[Value]] = defaultdict(set)
    for (name, value), times in values.items():
        if times >= least:
            known[name].add(value)
    return Usual(
        values={name: frozenset(some) for name, some in known.items()},
        bands={name: band(some, least) for name, some in ranges.items() if len(some) >= least},
        alarms=frozenset(name for name, times in rose.items() if times >= least),
    )


def enough(stretches: int) -> int:
    """In how many of so many stretches a thing has to be seen to be a habit."""
    return max(1, min(OFTEN, math.ceil(SHARE * stretches)))


def stretches(one: Recording) -> Iterator[Recording]:
    """The recording cut into equal parts of about `STRETCH_S`."""
    parts = max(1, round((one.end - one.start) / STRETCH_S))
    if parts == 1:
        yield one
        return
    step = (one.end - one.start) / parts
    for part in range(parts):
        yield one.between(one.start + part * step, one.end if part == parts - 1 else one.start + (part + 1) * step)


def band(ranges: Sequence[tuple[float, float]], least: int = 1) -> tuple[float, float]:
    """Within which a number lies: as far as `least` of the stretches' (low, high) reach, and as much farther as so few
    stretches in which it moves leave open."""
    low = sorted(low for low, _ in ranges)[least - 1]
    high = sorted(high for _, high in ranges)[-least]
    moving = sum(low < high for low, high in ranges)
    farther = BEYOND[least - 1] / moving * max(0.0, high - low) if moving else 0.0
    return min(low, high) - farther, max(low, high) + farther


def _range(track: Track) -> tuple[float, float]:
    numbers = [float(value) for value in track.values]
    return min(numbers), max(numbers)
