"""The machine that the line hangs on runs slower than it should: at once, or more and more; a drive that shows it."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.effects import Bend, Effect, Signal, Trouble
from simulator.drawn.scene import Scene, TroubleKind

STEP = 900.0


def bends(unit: str, start: float, end: float, size: float, *, creeping: bool) -> list[Effect]:
    """Speed falls by `size`, at once or in steps up to the middle of the time."""
    if not creeping:
        return [Bend(unit, "speed", start, end, 1 - size)]
    steps = max(2, int((end - start) / 2 / STEP))
    moments = [start + i * STEP for i in range(steps)]
    found: list[Effect] = []
    for i, at in enumerate(moments):
        until = moments[i + 1] if i + 1 < steps else end
        found.append(Bend(unit, "speed", at, until, 1 - size * (i + 1) / steps))
    return found


def draw(scene: Scene, name: str) -> Trouble:
    draw, unit = scene.draw, scene.constraint(scene.line())
    lasts = draw.uniform(3.0, 8.0) * HOUR
    start = scene.moment(0.0, lasts)
    size, creeping = draw.uniform(0.08, 0.2), draw.random() < 0.4
    quantity = scene.quantity(unit)
    effects = bends(unit.path, start, start + lasts, size, creeping=creeping)
    off = draw.choice((-1, 1)) * draw.uniform(6, 10)
    effects.append(Signal(unit.path, quantity.key, start, start + lasts, "ramp" if creeping else "step", off))
    part = draw.choice(unit.kind.parts)
    says = f"{unit.name} runs {100 * size:.0f} % slower{' and slower' if creeping else ''}: {part}; {quantity.name} shows it."
    cause = {"kind": "signal", "tag": f"{unit.path}.{quantity.key}"}
    return Trouble(
        name, kind.name, ("reduced_speed", "own_best", "drift"), unit.path, start, start + lasts, cause, says, part, effects=effects
    )


kind = TroubleKind("slow_running", draw)
