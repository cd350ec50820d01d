"""Slow running at a product, of a machine before the constraint, and without a trace."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.effects import Bend, Trouble
from simulator.drawn.scene import CALM, Scene, TroubleKind
from simulator.drawn.troubles.slow import bends


def at_product(scene: Scene, name: str) -> Trouble | None:
    line = scene.line()
    unit, product = scene.constraint(line), scene.draw.choice(line.products)
    spans = scene.runs(line, product.id)
    others = [span for p in line.products if p is not product for span in scene.runs(line, p.id)]
    if sum(b - a for a, b in spans) < 5 * HOUR or sum(b - a for a, b in others) < 5 * HOUR:
        return None
    size = scene.draw.uniform(0.08, 0.18)
    bend = Bend(unit.path, "speed", CALM, scene.calendar.seconds, 1 - size, products=frozenset({product.id}))
    says = f"{unit.name} is run {100 * size:.0f} % slower with {product.name} than it should."
    return Trouble(
        name, "slow_product", ("reduced_speed", "own_best"), unit.path, spans[0][0], spans[-1][1],
        {"kind": "product", "product": product.id}, says, effects=[bend], spans=spans,
    )  # fmt: skip


def elsewhere(scene: Scene, name: str) -> Trouble | None:
    """Another machine becomes the slowest: the constraint waits for it."""
    line = scene.line()
    units = [unit for unit in line.units if unit.path != line.constraint and unit.stage != line.bottleneck]
    if not units:
        return None
    unit, lasts = scene.draw.choice(units), scene.draw.uniform(2.0, 6.0) * HOUR
    start, size = scene.moment(0.0, lasts), scene.draw.uniform(0.3, 0.5)
    says = f"{unit.name} runs {100 * size:.0f} % slower; the line's constraint waits for it."
    return Trouble(
        name, "slow_elsewhere", ("reduced_speed", "own_best", "starved", "blocked"), unit.path, start, start + lasts,
        {"kind": "origin", "equipment": unit.path}, says,
        effects=bends(unit.path, start, start + lasts, size, creeping=False),
    )  # fmt: skip


def for_nothing(scene: Scene, name: str) -> Trouble:
    draw, unit = scene.draw, scene.constraint(scene.line())
    lasts, size = draw.uniform(3.0, 8.0) * HOUR, draw.uniform(0.08, 0.2)
    start = scene.moment(0.0, lasts)
    return Trouble(
        name, "slow_unknown", ("reduced_speed", "own_best"), unit.path, start, start + lasts, {"kind": "none"},
        f"{unit.name} runs {100 * size:.0f} % slower; nothing shows why.", knowable=False,
        effects=bends(unit.path, start, start + lasts, size, creeping=draw.random() < 0.3),
    )  # fmt: skip


product = TroubleKind("slow_product", at_product, 0.7)
other = TroubleKind("slow_elsewhere", elsewhere, 0.9)
nothing = TroubleKind("slow_unknown", for_nothing, 0.6)
