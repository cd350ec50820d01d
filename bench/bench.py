"""What a benchmark is: a name, and a function that measures something beside its baseline, in the same run."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypedDict


class Row(TypedDict):
    """One figure. `ratio` is value to baseline, `aim` says what it should be, such as `>= 0.9`."""

    name: str
    value: float
    unit: str
    baseline: str
    baseline_value: float
    ratio: float
    aim: str


@dataclass(frozen=True, slots=True)
class Bench:
    """Found by being there: an object of this class in a file of this folder."""

    name: str
    run: Callable[[], "list[Row] | Awaitable[list[Row]]"]
