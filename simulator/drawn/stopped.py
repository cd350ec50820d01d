"""A stop that was."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.drawn.effects import Strike


@dataclass(frozen=True)
class Stopped:
    """A stop that was, for those who judge."""

    strike: Strike
    start: float
    end: float
