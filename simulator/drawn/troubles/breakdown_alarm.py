"""A machine trips; others of its line raise alarms after it. The first alarm names the cause, the last is the loudest."""

from dataclasses import replace

from simulator.drawn.chance import strike_of
from simulator.drawn.effects import Trouble
from simulator.drawn.scene import Scene, TroubleKind

DRIVE, NOTHING_COMES, WAY_FULL, VOLTAGE = 701, 702, 703, 704


def draw(scene: Scene, name: str) -> Trouble:
    """In two of five the first alarm is at another machine, which does not stop itself."""
    draw, line = scene.draw, scene.line()
    unit, code = scene.unit(line), scene.code(scene.unit(line))
    code = scene.code(unit)
    at, lasts = scene.moment(0.0), draw.uniform(600, 3000)
    others = [other for other in line.units if other is not unit]
    before = draw.uniform(15, 60)
    origin = draw.choice(others) if draw.random() < 0.4 else unit
    first = DRIVE if origin is unit else VOLTAGE
    warns = [(origin.path, -before, before + draw.uniform(60, lasts), first)]
    for other in others:
        if other is not origin and draw.random() < 0.7:
            later = WAY_FULL if other.stage < unit.stage else NOTHING_COMES
            warns.append((other.path, draw.uniform(3, 120), draw.uniform(60, lasts), later))
    strike = strike_of(draw, at, unit, code, lasts, breakdown=True, sure=True, trouble=name)
    strike = replace(strike, named=None, alarm=True, warns=tuple(warns))
    cause = {"kind": "alarm", "alarm": str(first), "equipment": origin.path}
    says = f"{origin.name} raised alarm {first}; {before:.0f} s later {unit.name} stopped, then others complained."
    return Trouble(name, kind.name, ("stop",), unit.path, at, at + lasts, cause, says, effects=[strike])


kind = TroubleKind("breakdown_alarm", draw, 1.3)
