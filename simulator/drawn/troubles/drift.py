"""A quantity drifts and costs nothing yet; or a machine draws more energy for the same work."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.effects import Power, Signal, Trouble
from simulator.drawn.scene import Scene, TroubleKind


def of_signal(scene: Scene, name: str) -> Trouble:
    draw, unit = scene.draw, scene.unit(scene.line())
    quantity, lasts = scene.quantity(unit), draw.uniform(4.0, 9.0) * HOUR
    start = scene.moment(0.0, lasts)
    signal = Signal(unit.path, quantity.key, start, start + lasts, "ramp", draw.choice((-1, 1)) * draw.uniform(7, 13))
    part = draw.choice(unit.kind.parts)
    says = f"{quantity.name} of {unit.name} drifts ({part}); it costs nothing yet."
    cause = {"kind": "signal", "tag": f"{unit.path}.{quantity.key}"}
    return Trouble(
        name, "drift", ("drift",), unit.path, start, start + lasts, cause, says, part, costs=False, effects=[signal]
    )


def of_energy(scene: Scene, name: str) -> Trouble:
    draw, line = scene.draw, scene.line()
    unit, lasts = draw.choice(line.units), draw.uniform(5.0, 10.0) * HOUR
    start, whole = scene.moment(0.0, lasts), sum(one.runs_kw for one in line.units)
    power = Power(unit.path, start, start + lasts, round(whole * draw.uniform(0.25, 0.5), 1))
    says = f"{line.name} draws {power.more:g} kW more for the same work ({unit.name}); only the line has a meter."
    cause = {"kind": "signal", "tag": f"{line.path}.energy"}
    return Trouble(name, "drift_energy", ("energy",), line.path, start, start + lasts, cause, says, effects=[power])


signal = TroubleKind("drift", of_signal)
energy = TroubleKind("drift_energy", of_energy, 0.6)
