"""A parameter drifts out of its range, and more and more pieces are thrown out for it."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.effects import Bend, Effect, Signal, Trouble
from simulator.drawn.scene import Scene, TroubleKind

STEPS = 8


def draw(scene: Scene, name: str) -> Trouble:
    draw, line = scene.draw, scene.line()
    unit = scene.unit(line)
    lasts = draw.uniform(3.0, 8.0) * HOUR
    start = scene.moment(0.0, lasts)
    quantity, reason, size = scene.quantity(unit), draw.randrange(len(unit.kind.scrap)), draw.uniform(0.03, 0.1)
    off = draw.choice((-1, 1)) * draw.uniform(7, 12)
    effects: list[Effect] = [Signal(unit.path, quantity.key, start, start + lasts, "ramp", off)]
    for i in range(STEPS):
        low, high = start + lasts * i / STEPS, start + lasts * (i + 1) / STEPS
        effects.append(Bend(unit.path, "scrap", low, high, size * ((i + 0.5) / STEPS) ** 2 * 2, reason))
    says = f"{quantity.name} of {unit.name} drifts; more and more is thrown out: {unit.kind.scrap[reason]}."
    cause = {"kind": "signal", "tag": f"{unit.path}.{quantity.key}"}
    return Trouble(name, kind.name, ("scrap", "drift"), unit.path, start, start + lasts, cause, says, effects=effects)


kind = TroubleKind("scrap_drift", draw)
