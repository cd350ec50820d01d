"""Kinds of machines that a drawn plant is put together from (kinds.yaml): what jams, what is thrown out, what is measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("kinds.yaml")
LINE = "feeder press moulder cutter welder washer oven filler capper labeller tester packer"
ORDER = tuple(LINE.split())
"""Kinds in the order in which a line may have them."""


@dataclass(frozen=True)
class Quantity:
    """A measured quantity about `level` with `spread`; `ambient`: spreads by which a warm afternoon lifts it;
    `load`: share of the level that is gone while the machine stands."""

    key: str
    name: str
    unit: str
    level: float
    spread: float
    ambient: float = 0.0
    load: float = 0.0


@dataclass(frozen=True)
class Kind:
    """`causes`: (reason that an operator enters, alarm text). `scrap`: reasons. `material`: what it takes lots of."""

    name: str
    causes: tuple[tuple[str, str], ...]
    scrap: tuple[str, ...]
    signals: tuple[Quantity, ...]
    parts: tuple[str, ...]
    material: str = ""
    tools: bool = False


@cache
def kinds() -> dict[str, Kind]:
    """By name, in the order of the file."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: _kind(name, **row) for name, row in rows.items()}


def _kind(
    name: str, *, causes: dict[str, str], scrap: list[str], signals: list[dict[str, Any]], parts: list[str], **more: Any
) -> Kind:
    quantities = tuple(Quantity(**signal) for signal in signals)
    return Kind(name, tuple(causes.items()), tuple(scrap), quantities, tuple(parts), **more)
