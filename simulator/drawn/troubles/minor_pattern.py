"""Short stops of one reason that come with something else: a product, a tool, a crew, warm afternoons, wear, work done."""

from simulator.drawn.calendar import DAY, HOUR
from simulator.drawn.effects import Effect, Signal, Strike, Trouble, Work
from simulator.drawn.layout import UnitPlan
from simulator.drawn.scene import CALM, Scene, TroubleKind
from simulator.drawn.supply import TOOL

Spans = list[tuple[float, float]]
WARM = (11 - 6, 19 - 6)
"""Hours of the day, from 06:00, in which it is warm."""


def _strikes(
    scene: Scene, name: str, unit: UnitPlan, spans: Spans, products: frozenset[str] | None = None
) -> list[Strike]:
    draw = scene.draw
    apart, lasts = draw.uniform(420, 840), draw.uniform(35, 90)
    worked = [part for span in spans for part in scene.worked(*span)]
    return scene.strikes(name, unit, scene.code(unit), worked, apart, lasts, products)


def _trouble(
    kind: str, name: str, unit: UnitPlan, spans: Spans, effects: list[Effect], cause: dict[str, object], says: str, part: str = ""
) -> Trouble:  # fmt: skip
    start, end = min(a for a, _ in spans), max(b for _, b in spans)
    return Trouble(name, kind, ("minor_stops",), unit.path, start, end, cause, says, part, effects=effects, spans=spans)


def by_product(scene: Scene, name: str) -> Trouble | None:
    line = scene.line()
    unit, product = scene.unit(line), scene.draw.choice(line.products)
    spans = scene.runs(line, product.id)
    others = [span for p in line.products if p is not product for span in scene.runs(line, p.id)]
    if sum(b - a for a, b in spans) < 6 * HOUR or sum(b - a for a, b in others) < 6 * HOUR:
        return None
    whole = [(CALM, scene.calendar.seconds)]
    strikes = _strikes(scene, name, unit, whole, frozenset({product.id}))
    cause: dict[str, object] = {"kind": "product", "product": product.id}
    return _trouble("minor_product", name, unit, spans, [*strikes], cause, f"{product.name} jams at {unit.name}.")


def by_tool(scene: Scene, name: str) -> Trouble | None:
    units = [unit for unit in scene.line().units if unit.kind.tools]
    if not units:
        return None
    unit = scene.draw.choice(units)
    uses = [s for s in scene.supply.spans(unit.path, TOOL, scene.calendar.seconds) if s[1] >= CALM]
    tools = sorted({tool for tool, _, _ in uses})
    if len(tools) < 2:
        return None
    tool = scene.draw.choice(tools)
    spans = [(a, b) for one, a, b in uses if one == tool]
    if sum(b - a for span in spans for a, b in scene.worked(*span)) < 4 * HOUR:
        return None
    says = f"Whenever tool {tool} is on, {unit.name} jams."
    return _trouble(
        "minor_tool", name, unit, spans, [*_strikes(scene, name, unit, spans)], {"kind": "tool", "tool": tool}, says
    )


def by_crew(scene: Scene, name: str) -> Trouble | None:
    unit, crew = scene.unit(scene.line()), scene.draw.choice(scene.layout.crews)
    spans = scene.crew_spans(crew)
    if len(spans) < 2:
        return None
    says = f"Crew {crew} feeds {unit.name} in a way that makes it jam."
    return _trouble(
        "minor_crew", name, unit, spans, [*_strikes(scene, name, unit, spans)], {"kind": "crew", "crew": crew}, says
    )


def by_ambient(scene: Scene, name: str) -> Trouble | None:
    unit = scene.unit(scene.line())
    days = range(int(scene.calendar.seconds // DAY) + 1)
    warm = [(max(CALM, d * DAY + WARM[0] * HOUR), min(d * DAY + WARM[1] * HOUR, scene.calendar.seconds)) for d in days]
    spans = [(a, b) for a, b in warm if b - a > 2 * HOUR]
    if len(spans) < 2:
        return None
    says = f"On warm afternoons {unit.name} jams."
    cause: dict[str, object] = {"kind": "ambient", "tag": "utilities/hall.temperature"}
    return _trouble("minor_ambient", name, unit, spans, [*_strikes(scene, name, unit, spans)], cause, says)


def by_wear(scene: Scene, name: str) -> Trouble:
    draw, unit = scene.draw, scene.unit(scene.line())
    lasts = draw.uniform(6, 12) * HOUR
    start = scene.moment(0.0, lasts)
    end, part, quantity = start + lasts, draw.choice(unit.kind.parts), scene.quantity(unit)
    strikes = scene.ramped(name, unit, scene.code(unit), start, end, draw.uniform(240, 420), draw.uniform(35, 90))
    work = Work(
        f"MO-{name}",
        unit.path,
        end - 900,
        end,
        "corrective",
        f"{unit.name}: {part} worn",
        f"{part} worn, replaced.",
        part,
    )
    signal = Signal(unit.path, quantity.key, start, end, "ramp", draw.choice((-1, 1)) * draw.uniform(7, 12))
    cause: dict[str, object] = {"kind": "signal", "tag": f"{unit.path}.{quantity.key}"}
    says = f"The {part} of {unit.name} wears; it jams more and more, and {quantity.name} moves."
    trouble = _trouble("minor_wear", name, unit, [(start, end)], [*strikes, work, signal], cause, says, part)
    trouble.loss = ("minor_stops", "drift")
    return trouble


def by_maintenance(scene: Scene, name: str) -> Trouble:
    draw, unit = scene.draw, scene.unit(scene.line())
    lasts = draw.uniform(4, 9) * HOUR
    start = scene.moment(0.0, lasts)
    part, spans = draw.choice(unit.kind.parts), [(start, start + lasts)]
    key = f"MO-{name}"
    work = Work(
        key,
        unit.path,
        start - 2400,
        start,
        "preventive",
        f"{unit.name}: {part} serviced",
        f"{part} cleaned and set anew.",
        part,
    )
    says = f"Since the {part} of {unit.name} was serviced it jams: it was put together wrongly."
    effects: list[Effect] = [work, *_strikes(scene, name, unit, spans)]
    return _trouble("minor_maintenance", name, unit, spans, effects, {"kind": "maintenance", "order": key}, says, part)


def by_air(scene: Scene, name: str) -> Trouble:
    draw, unit = scene.draw, scene.unit(scene.line())
    lasts = draw.uniform(4, 8) * HOUR
    start = scene.moment(0.0, lasts)
    spans = [(start, start + lasts)]
    signal = Signal("utilities/compressor", "pressure", start, start + lasts, "step", -draw.uniform(8, 12))
    effects: list[Effect] = [signal, *_strikes(scene, name, unit, spans)]
    cause: dict[str, object] = {
        "kind": "supply",
        "equipment": "utilities/compressor",
        "tag": "utilities/compressor.pressure",
    }
    says = f"The compressed air is too weak; {unit.name} jams for it."
    trouble = _trouble("minor_air", name, unit, spans, effects, cause, says)
    trouble.loss = ("minor_stops", "drift")
    return trouble


def for_nothing(scene: Scene, name: str) -> Trouble:
    """No sensor, no record and no pattern shows why."""
    unit, lasts = scene.unit(scene.line()), scene.draw.uniform(4, 8) * HOUR
    start = scene.moment(0.0, lasts)
    spans = [(start, start + lasts)]
    effects: list[Effect] = [*_strikes(scene, name, unit, spans)]
    trouble = _trouble(
        "minor_unknown", name, unit, spans, effects, {"kind": "none"}, f"{unit.name} jams; nothing shows why."
    )
    trouble.knowable = False
    return trouble


product = TroubleKind("minor_product", by_product, 0.9)
tool = TroubleKind("minor_tool", by_tool, 0.9)
crew = TroubleKind("minor_crew", by_crew, 0.7)
ambient = TroubleKind("minor_ambient", by_ambient, 0.6)
wear = TroubleKind("minor_wear", by_wear)
maintenance = TroubleKind("minor_maintenance", by_maintenance)
air = TroubleKind("minor_air", by_air, 0.6)
nothing = TroubleKind("minor_unknown", for_nothing, 0.6)
