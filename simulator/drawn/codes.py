"""How a drawn plant's controllers number the reasons of stops, and alarms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from simulator.drawn.kinds import kinds

NO_MATERIAL, WRONG_AIR = 3, 4
_REASONS = {NO_MATERIAL: "no material", WRONG_AIR: "low air pressure", 5: "planned maintenance", 6: "repair"}
_ALARMS = {
    503: "E503 no material at the infeed",
    504: "E504 air pressure low",
    701: "W701 drive near its limit",
    702: "W702 nothing comes from the machine before",
    703: "W703 way out is full",
    704: "W704 control voltage dipped",
}


@cache
def codes() -> dict[tuple[str, int], int]:
    """(kind, which of its causes) -> the stop reason's code; the alarm's is 500 more, so that the two are told apart."""
    return {(kind, index): code for code, kind, index, _ in _causes()}


@cache
def reasons() -> dict[int, str]:
    """What a reason's code says."""
    return {code: cause[0] for code, _, _, cause in _causes()} | _REASONS


@cache
def alarms() -> dict[int, str]:
    """What an alarm's code says."""
    return {code + 500: f"E{code + 500} {cause[1]}" for code, _, _, cause in _causes()} | _ALARMS


def _causes() -> Iterator[tuple[int, str, int, tuple[str, str]]]:
    for number, kind in enumerate(kinds().values(), 1):
        for index, cause in enumerate(kind.causes):
            yield 10 * number + index + 1, kind.name, index, cause
