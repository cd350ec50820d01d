"""What is wrong with the eyes, not with the machines: a sensor that lies, a counter that stands, a link that is silent."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.effects import Signal, Silence, Still, Trouble
from simulator.drawn.scene import Scene, TroubleKind


def sensor(scene: Scene, name: str) -> Trouble:
    draw, unit = scene.draw, scene.unit(scene.line())
    quantity, lasts = scene.quantity(unit), draw.uniform(3.0, 9.0) * HOUR
    start, shape = scene.moment(0.0, lasts), draw.choice(("step", "frozen", "noisy"))
    size = {"step": draw.choice((-1, 1)) * draw.uniform(7, 12), "frozen": 0.0, "noisy": draw.uniform(5, 9)}[shape]
    how = {"step": "reads off", "frozen": "does not move", "noisy": "jumps"}[shape]
    says = f"The sensor for {quantity.name} of {unit.name} lies: it {how}, the quantity itself is as ever."
    signal = Signal(unit.path, quantity.key, start, start + lasts, shape, size, lies=True)
    telling = start + (600.0 if shape != "step" else 0.0)
    return Trouble(
        name, f"sensor_{'offset' if shape == 'step' else shape}", ("lying_sensor", "drift"), unit.path, start,
        start + lasts, {"kind": "signal", "tag": f"{unit.path}.{quantity.key}"}, says, costs=False, telling=telling,
        effects=[signal],
    )  # fmt: skip


def counter(scene: Scene, name: str) -> Trouble:
    unit, lasts = scene.unit(scene.line()), scene.draw.uniform(1200, 5400)
    start = scene.moment(0.0)
    says = f"The counter of {unit.name} stands still while it runs."
    cause = {"kind": "signal", "tag": f"{unit.path}.good"}
    still = Still(unit.path, start, start + lasts)
    return Trouble(
        name, "counter_still", ("counter_still",), unit.path, start, start + lasts, cause, says, costs=False,
        effects=[still],
    )  # fmt: skip


def link(scene: Scene, name: str) -> Trouble:
    line, lasts = scene.line(), scene.draw.uniform(600, 3000)
    start = scene.moment(0.0)
    silence = Silence(line.path, start, start + lasts)
    says = f"Nothing was heard of {line.name} for {lasts / 60:.0f} min."
    return Trouble(
        name, "link_silent", ("link_silent",), line.path, start, start + lasts, {"kind": "none"}, says, costs=False,
        effects=[silence],
    )  # fmt: skip


lying = TroubleKind("sensor_lies", sensor, 1.2)
still = TroubleKind("counter_still", counter, 0.8)
silent = TroubleKind("link_silent", link, 0.7)
