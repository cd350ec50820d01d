"""Which troubles a plant is given: drawn from the seed, mostly one after the other, some at the same time."""

from __future__ import annotations

from simulator.drawn.calendar import DAY, Calendar
from simulator.drawn.effects import Trouble
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
    return found


def _has_room(layout: Layout, new: Trouble, others: list[Trouble], *, at_once: bool) -> bool:
    for other in others:
        apart = new.start > other.end + 1800 or other.start > new.end + 1800
        if apart or _line(layout, new) != _line(layout, other):
            continue
        if not at_once or new.equipment == other.equipment or new.innocent or other.innocent:
            return False
    return True


def _line(layout: Layout, trouble: Trouble) -> str:
    return "" if layout.shared and trouble.equipment == layout.shared.path else trouble.equipment.partition("/")[0]
