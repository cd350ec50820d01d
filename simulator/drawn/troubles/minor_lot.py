"""One lot of material jams."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.effects import Trouble
from simulator.drawn.scene import CALM, Scene, TroubleKind


def draw(scene: Scene, name: str) -> Trouble | None:
    line = scene.line()
    units = [unit for unit in line.units if unit.kind.material]
    if not units:
        return None
    unit = scene.draw.choice(units)
    material = unit.kind.material
    lots = [s for s in scene.supply.spans(unit.path, material, scene.calendar.seconds) if s[1] > CALM]
    lots = [s for s in lots if sum(b - a for a, b in scene.worked(s[1], s[2])) > 3 * HOUR]
    if not lots:
        return None
    lot, start, end = scene.draw.choice(lots)
    code = scene.code(unit)
    strikes = scene.strikes(
        name, unit, code, scene.worked(start, end), scene.draw.uniform(420, 900), scene.draw.uniform(35, 90)
    )
    cause = {"kind": "lot", "lot": lot, "material": material}
    says = f"Lot {lot} of {material} jams at {unit.name}."
    return Trouble(name, kind.name, ("minor_stops",), unit.path, start, end, cause, says, effects=list(strikes))


kind = TroubleKind("minor_lot", draw, 1.3)
