"""A part wears: a measured quantity moves for hours, then the machine breaks down."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.chance import strike_of
from simulator.drawn.effects import Effect, Signal, Trouble, Work
from simulator.drawn.scene import Scene, TroubleKind


def draw(scene: Scene, name: str) -> Trouble:
    line = scene.line()
    unit, draw = scene.unit(line), scene.draw
    quantity, part, code = scene.quantity(unit), draw.choice(unit.kind.parts), scene.code(unit)
    lead = draw.uniform(2.0, 6.0) * HOUR
    at = scene.moment(lead)
    lasts = draw.uniform(900, 4500)
    size = draw.choice((-1, 1)) * draw.uniform(7, 14)
    way = "rises" if size > 0 else "falls"
    strike = strike_of(draw, at, unit, code, lasts, breakdown=True, sure=True, trouble=name)
    effects: list[Effect] = [
        strike,
        Signal(unit.path, quantity.key, at - lead, at + lasts, "ramp", size),
        Work(f"MO-{name}", unit.path, at + 0.2 * lasts, at + lasts, "corrective", f"{unit.name}: {part} replaced",
             f"{quantity.name} was off before it stopped. {part} worn, replaced.", part, name),
    ]  # fmt: skip
    cause = {"kind": "signal", "tag": f"{unit.path}.{quantity.key}"}
    says = f"The {part} of {unit.name} wears: {quantity.name} {way} for {lead / HOUR:.0f} h, then it breaks down."
    return Trouble(
        name, kind.name, ("stop", "drift"), unit.path, at - lead, at + lasts, cause, says, part, effects=effects
    )


kind = TroubleKind("breakdown_drift", draw, 1.6)
