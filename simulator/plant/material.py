"""The warehouse: lots come in, are taken to the lines, are used up, and now and then are blocked or late."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.plant.site import Site

SUPPLIERS = {"bottles": "PetForm", "caps": "Kapsel AG", "labels": "Etikett Huber", "cartons": "Wellpappe Linz"}
USED_AT = {"bottles": "depalletiser", "caps": "capper", "labels": "labeller", "cartons": "packer"}
LOT_DAYS = {"bottles": 1.0, "caps": 2.0, "labels": 2.5, "cartons": 1.5}
LOT_SIZE = {"bottles": 280_000, "caps": 560_000, "labels": 700_000, "cartons": 35_000}
PREFIX = {"bottles": "BO", "caps": "CA", "labels": "LB", "cartons": "CT"}


@dataclass
class Lot:
    """A material lot. Times in seconds from the plant's start."""

    key: str
    material: str
    supplier: str
    quantity: int
    expected: float
    received: float | None
    status: str = "released"
    changed: float = 0.0
    note: str = ""


@dataclass(frozen=True)
class Move:
    """So much of a lot was taken to a machine."""

    key: str
    lot: str
    material: str
    quantity: int
    machine: str
    order: str | None
    at: float


class Material:
    """Which lot each machine uses, and everything that moved."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.lots: dict[str, Lot] = {}
        self.moves: list[Move] = []
        self._next: dict[str, str] = {}
        self._delay: dict[str, float] = {}
        for line in site.lines:
            for material in USED_AT:
                site.env.process(self._supply(line, material))

    def use(self, material: str, lot: str) -> None:
        """The lot that line 1 takes of `material` from now on is `lot`."""
        now = self.site.env.now
        self.lots[lot] = Lot(
            lot, material, SUPPLIERS[material], LOT_SIZE[material], now - 86400, now - 43200, changed=now
        )
        self._move("line-1", material, lot)

    def block(self, lot: str, note: str) -> None:
        blocked = self.lots[lot]
        blocked.status, blocked.note, blocked.changed = "blocked", note, self.site.env.now

    def late(self, material: str, supplier: str, seconds: float) -> None:
        """A delivery that was expected comes `seconds` late."""
        now = self.site.env.now
        key = f"{PREFIX[material]}-L{round(now / 3600):04d}"
        self.lots[key] = Lot(key, material, supplier, LOT_SIZE[material], now - 7200, now + seconds - 7200, changed=now)

    def _supply(self, line: str, material: str) -> Generator[Any, Any, None]:
        draw = self.site.streams.of("supply", line, material)
        yield self.site.env.timeout(draw.uniform(0, 3600))
        number = draw.randrange(1000, 6000)
        while True:
            now = self.site.env.now
            key = f"{PREFIX[material]}-{number}"
            expected = now - draw.uniform(1, 3) * 86400
            received = expected + draw.uniform(-2, 5) * 3600
            self.lots[key] = Lot(
                key, material, SUPPLIERS[material], LOT_SIZE[material], expected, received, changed=now
            )
            self._move(line, material, key)
            number += draw.randint(1, 9)
            yield self.site.env.timeout(LOT_DAYS[material] * 86400 * draw.uniform(0.8, 1.2))

    def _move(self, line: str, material: str, lot: str) -> None:
        current = self.site.books[line].current
        self.moves.append(
            Move(
                f"MV-{len(self.moves) + 1:06d}",
                lot,
                material,
                LOT_SIZE[material],
                f"{line}/{USED_AT[material]}",
                current.number if current else None,
                self.site.env.now,
            )
        )
