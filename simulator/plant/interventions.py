"""What comes into the plant from outside while it lives: a fresh jam, a repair that was ordered, a changed schedule.

Each is kept as plain data with its moment. A plant started again from its seed goes through the same ones and so
stands exactly where it stood: that is how a demo is resumed without its past being made again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simulator.plant.causes import CAP_JAM

if TYPE_CHECKING:
    from simulator.plant.plant import Plant

JAM_MACHINE = "line-2/capper"
JAM_LASTS = 11 * 60.0
Steps = Generator[Any, Any, None]


def fresh_jam(plant: Plant) -> Steps:
    """The capper of line 2 jams for good reason (its chuck), and somebody has to clear it."""
    site = plant.site
    machine = site.machines[JAM_MACHINE]
    site.production_of(JAM_MACHINE).hurry()
    site.stoppages.relieve(machine)
    yield from site.stoppages.hold(machine, "jam", CAP_JAM, JAM_LASTS, alarm=True, enter=True, trouble="capper_chuck")


def repair(plant: Plant, *, equipment: str, part: str, title: str, text: str, seconds: float) -> Steps:
    """Technicians work on a machine; the trouble that the order speaks of is over afterwards."""
    site = plant.site
    machine = site.machines.get(equipment)
    if machine is not None:
        site.stoppages.relieve(machine)  # technicians take it over as it stands
        yield from site.maintenance.mend(machine, part, title, text, seconds)
        site.maintenance.orders[-1].ordered = True
    else:
        yield site.env.timeout(seconds)
    for trouble in plant.troubles.values():
        if trouble.answers_to(equipment, part, f"{title} {text}"):
            trouble.put_right()


def move(plant: Plant, *, moves: list[dict[str, Any]]) -> Steps:
    """Waiting orders are put where their new planned starts say (seconds from the plant's start)."""
    for book in plant.site.books.values():
        book.replan({str(m["order"]): float(m["starts"]) for m in moves})
    yield plant.site.env.timeout(0)


def rush(plant: Plant, *, line: str) -> Steps:
    """The planners release the line's next order earlier than usual."""
    plant.site.released(plant.site.books[line].release_one(plant.site.env.now))
    yield plant.site.env.timeout(0)


def late_material(plant: Plant, *, line: str, seconds: float) -> Steps:
    """A supplier calls: the material of the line's next order but one comes `seconds` from now."""
    site = plant.site
    order = site.books[line].waiting[1]
    order.delayed, order.material_at = site.env.now, site.env.now + seconds
    yield site.env.timeout(0)


KINDS: dict[str, Callable[..., Steps]] = {
    "fresh_jam": fresh_jam,
    "repair": repair,
    "move": move,
    "rush": rush,
    "late_material": late_material,
}


def start(plant: Plant, intervention: dict[str, Any]) -> Any:
    """Let it begin at its moment (`at`, seconds from the plant's start); returns the event of its end."""
    facts = {key: value for key, value in intervention.items() if key not in ("kind", "at")}
    env = plant.site.env

    def steps() -> Steps:
        yield env.timeout(max(0.0, intervention["at"] - env.now))
        yield from KINDS[intervention["kind"]](plant, **facts)

    return env.process(steps())
