"""Which lots a nonconformance may touch: what was made since the process was last in control, and what went into it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import CountSpan, Window
from mom.store.facts import scene_of
from mom.store.plants import Layout
from mom.store.quality import Move, moves_to


@dataclass(frozen=True, slots=True)
class LotUsed:
    """A lot of material that was on a machine of the line in the window. `here`: on the machine that is out of control."""

    lot: str
    material: str
    supplier: str
    status: str
    equipment: str
    since: datetime
    until: datetime | None  # None: still on
    here: bool
    move: int


@dataclass(frozen=True, slots=True)
class OrderMade:
    """An order of which pieces were made in the window. `lots`: under which the laboratory or the line booked them."""

    order: str | None
    product: str | None
    line: str
    start: datetime
    end: datetime
    good: float | None
    run: int


@dataclass(frozen=True, slots=True)
class Touched:
    window: Window
    orders: tuple[OrderMade, ...]
    material: tuple[LotUsed, ...]

    @property
    def good(self) -> float:
        return sum(order.good or 0.0 for order in self.orders)


async def touched(session: AsyncSession, layout: Layout, path: str, window: Window, now: datetime) -> Touched:
    """Orders and lots of the lines that `path` works for, in `window`."""
    orders: list[OrderMade] = []
    material: list[LotUsed] = []
    for line in layout.lines_of(path):
        scene = await scene_of(session, layout, window, now, only=[line])
        facts = scene.facts[line]
        by_order: dict[str | None, list[CountSpan]] = defaultdict(list)
        for count in facts.counts:
            by_order[count.order].append(count)
        for run in facts.runs:
            part = window.cut(run.start, run.end)
            if part is not None:
                pieces = sum(c.good for c in by_order[run.order] if part.overlap(c.start, c.end) > 0)
                orders.append(OrderMade(run.order, run.product, line, part.start, part.end, pieces, run.id))
        flow = [machine.path for machine in layout.flow(line)]
        material += used(await moves_to(session, layout, flow, window), window, path)
    return Touched(window, tuple(orders), tuple(dict.fromkeys(material)))


def used(moves: Iterable[Move], window: Window, path: str) -> list[LotUsed]:
    """A lot is on its machine until the next one of its material is brought there."""
    places: dict[tuple[str, str], list[Move]] = {}
    for move in moves:
        places.setdefault((move.equipment, move.material), []).append(move)
    found = [lot for (place, _), some in places.items() for lot in _on(some, place == path)]
    cut = [lot for lot in found if lot.since < window.end and (lot.until is None or lot.until > window.start)]
    return sorted(cut, key=lambda lot: (not lot.here, lot.equipment, lot.since))


def _on(moves: Sequence[Move], here: bool) -> list[LotUsed]:
    ends: list[datetime | None] = [*(move.at for move in moves[1:]), None]
    return [
        LotUsed(m.lot, m.material, m.supplier, m.status, m.equipment, m.at, end, here, m.id)
        for m, end in zip(moves, ends, strict=True)
    ]
