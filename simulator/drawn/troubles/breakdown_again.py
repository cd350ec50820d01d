"""The same part fails again and again without a sensor on it: what mended it before is what the past knows."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.chance import strike_of
from simulator.drawn.effects import Effect, Trouble, Work
from simulator.drawn.scene import CALM, Scene, TroubleKind


def draw(scene: Scene, name: str) -> Trouble | None:
    draw = scene.draw
    unit = scene.unit(scene.line())
    part, code = draw.choice(unit.kind.parts), scene.code(unit)
    times = draw.randint(3, 4)
    room = scene.calendar.seconds - CALM - 3 * HOUR
    effects: list[Effect] = []
    spans = []
    for n in range(times):
        at = CALM + room * (n + draw.uniform(0.1, 0.7)) / times
        shift = scene.calendar.shift_at(at)
        if shift is None or shift.end - at < 1800:
            return None
        lasts = draw.uniform(700, 1800)
        effects.append(strike_of(draw, at, unit, code, lasts, breakdown=True, sure=True, trouble=name))
        title, text = f"{unit.name}: {part} readjusted", f"{part} out of place again, readjusted and tightened."
        key = f"MO-{name}-{n + 1}"
        effects.append(Work(key, unit.path, at + 0.2 * lasts, at + lasts, "corrective", title, text, part, name))
        spans.append((at, at + lasts))
    cause = {"kind": "past", "part": part}
    says = f"The {part} of {unit.name} comes loose; {times} times it was readjusted, which holds for a while."
    return Trouble(
        name,
        kind.name,
        ("stop",),
        unit.path,
        spans[0][0],
        spans[-1][1],
        cause,
        says,
        part,
        effects=effects,
        spans=spans,
    )


kind = TroubleKind("breakdown_again", draw, 0.8)
