"""Scrap that comes with a lot of material, with a product, or with nothing that anybody sees."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.effects import Bend, Trouble
from simulator.drawn.scene import CALM, Scene, TroubleKind


def of_lot(scene: Scene, name: str) -> Trouble | None:
    units = [unit for unit in scene.line().units if unit.kind.material]
    if not units:
        return None
    unit, draw = scene.draw.choice(units), scene.draw
    material = unit.kind.material
    lots = [s for s in scene.supply.spans(unit.path, material, scene.calendar.seconds) if s[1] > CALM]
    lots = [s for s in lots if sum(b - a for a, b in scene.worked(s[1], s[2])) > 2 * HOUR]
    if not lots:
        return None
    (lot, start, end), reason = draw.choice(lots), draw.randrange(len(unit.kind.scrap))
    bend = Bend(unit.path, "scrap", start, end, draw.uniform(0.025, 0.09), reason)
    cause = {"kind": "lot", "lot": lot, "material": material}
    says = f"Lot {lot} of {material} is thrown out at {unit.name}: {unit.kind.scrap[reason]}."
    return Trouble(name, "scrap_lot", ("scrap",), unit.path, start, end, cause, says, effects=[bend])


def of_product(scene: Scene, name: str) -> Trouble | None:
    line, draw = scene.line(), scene.draw
    unit, product = scene.unit(line), draw.choice(line.products)
    spans = scene.runs(line, product.id)
    others = [span for p in line.products if p is not product for span in scene.runs(line, p.id)]
    if sum(b - a for a, b in spans) < 5 * HOUR or sum(b - a for a, b in others) < 5 * HOUR:
        return None
    reason, share = draw.randrange(len(unit.kind.scrap)), draw.uniform(0.025, 0.07)
    bend = Bend(unit.path, "scrap", CALM, scene.calendar.seconds, share, reason, frozenset({product.id}))
    says = f"With {product.name} {unit.name} throws out more: {unit.kind.scrap[reason]}."
    return Trouble(
        name, "scrap_product", ("scrap",), unit.path, spans[0][0], spans[-1][1],
        {"kind": "product", "product": product.id}, says, effects=[bend], spans=spans,
    )  # fmt: skip


def for_nothing(scene: Scene, name: str) -> Trouble:
    draw, unit = scene.draw, scene.unit(scene.line())
    lasts, reason = draw.uniform(3.0, 7.0) * HOUR, draw.randrange(len(unit.kind.scrap))
    start = scene.moment(0.0, lasts)
    bend = Bend(unit.path, "scrap", start, start + lasts, draw.uniform(0.025, 0.08), reason)
    says = f"{unit.name} throws out more ({unit.kind.scrap[reason]}); nothing shows why."
    return Trouble(
        name, "scrap_unknown", ("scrap",), unit.path, start, start + lasts, {"kind": "none"}, says, knowable=False,
        effects=[bend],
    )  # fmt: skip


lot = TroubleKind("scrap_lot", of_lot)
product = TroubleKind("scrap_product", of_product, 0.8)
nothing = TroubleKind("scrap_unknown", for_nothing, 0.6)
