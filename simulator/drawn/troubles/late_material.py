"""A delivery is late: the line's first machine stands for want of material."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.effects import Delivery, Dry, Effect, Trouble
from simulator.drawn.scene import Scene, TroubleKind


def draw(scene: Scene, name: str) -> Trouble:
    draw, line = scene.draw, scene.line()
    unit, at, lasts = line.stages[0][0], scene.moment(0.0), draw.uniform(1200, 4800)
    material = unit.kind.material or "blanks"
    lot = f"LATE-{line.path[-1]}{draw.randrange(1000, 9999)}"
    effects: list[Effect] = [
        Dry(line.path, at, lasts),
        Delivery(unit.path, material, lot, at - draw.uniform(1, 5) * HOUR, at + lasts - 240),
    ]
    says = f"Lot {lot} of {material} came late: {line.name} had nothing to work on for {lasts / 60:.0f} min."
    cause = {"kind": "supply", "lot": lot, "material": material}
    return Trouble(name, kind.name, ("starved",), unit.path, at, at + lasts, cause, says, effects=effects)


kind = TroubleKind("late_material", draw, 1.2)
