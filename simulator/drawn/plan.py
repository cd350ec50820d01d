"""Which troubles a plant is given: drawn from the seed, mostly one after the other, some at the same time."""

from __future__ import annotations

from simulator.drawn.calendar import DAY, Calendar
from simulator.drawn.effects import Trouble
from simulator.drawn.innocent import innocents
from simulator.drawn.layout import Layout
from simulator.drawn.registry import all_kinds
from simulator.drawn.scene import Scene
from simulator.drawn.supply import Supply
from simulator.plant.streams import Streams

A_DAY = 2.7
"""Troubles a day, so that three days have about eight."""
AT_ONCE = 0.2
"""How often a trouble may fall into the time of another one on its line, at another machine."""
TRIES = 12
APART = 1800.0
"""Seconds between two troubles of a line that are not meant to meet."""


def draw_troubles(layout: Layout, calendar: Calendar, supply: Supply) -> list[Trouble]:
    """In the order in which they were drawn; names count them."""
    kinds = list(all_kinds().values())
    weights = [kind.weight for kind in kinds]
    choose = Streams(layout.seed).of("troubles")
    wanted = max(1, round(A_DAY * calendar.seconds / DAY))
    found: list[Trouble] = []
    for number in range(wanted * 2):
        if len(found) >= wanted:
            break
        kind = choose.choices(kinds, weights)[0]
        at_once = choose.random() < AT_ONCE
        for attempt in range(TRIES):
            draw = Streams(layout.seed).of("trouble", number, attempt)
            trouble = kind.draw(Scene(layout, calendar, supply, draw), f"t{len(found) + 1}")
            if trouble is not None and _has_room(layout, trouble, found, at_once=at_once):
                found.append(trouble)
                break
    return [*found, *innocents(layout, calendar, supply, found)]


def _has_room(layout: Layout, new: Trouble, others: list[Trouble], *, at_once: bool) -> bool:
    for other in others:
        if _line(layout, new) != _line(layout, other) or not _meet(new, other):
            continue
        if not at_once or new.equipment == other.equipment or "/" not in new.equipment + other.equipment:
            return False
    return True


def _meet(one: Trouble, other: Trouble) -> bool:
    if one.equipment == other.equipment and one.start < other.end + APART and other.start < one.end + APART:
        return True
    return any(
        a < d + APART and c < b + APART
        for a, b in one.spans or [(one.start, one.end)]
        for c, d in other.spans or [(other.start, other.end)]
    )


def _line(layout: Layout, trouble: Trouble) -> str:
    return "" if layout.shared and trouble.equipment == layout.shared.path else trouble.equipment.partition("/")[0]
