"""A breakdown of which no sensor, no alarm and no record shows why."""

from dataclasses import replace

from simulator.drawn.chance import strike_of
from simulator.drawn.effects import Trouble
from simulator.drawn.scene import Scene, TroubleKind


def draw(scene: Scene, name: str) -> Trouble:
    unit = scene.unit(scene.line())
    at, lasts = scene.moment(0.0), scene.draw.uniform(600, 3600)
    strike = strike_of(scene.draw, at, unit, scene.code(unit), lasts, breakdown=True, sure=True, trouble=name)
    strike = replace(strike, named=None, alarm=False)
    says = f"{unit.name} stops for {lasts / 60:.0f} min; nothing in the data shows why."
    return Trouble(
        name, kind.name, ("stop",), unit.path, at, at + lasts, {"kind": "none"}, says, knowable=False, effects=[strike]
    )


kind = TroubleKind("breakdown_unknown", draw)
