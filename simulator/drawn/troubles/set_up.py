"""Change-overs that take too long: one crew's, to one product, or for want of a tool."""

from simulator.drawn.effects import Longer, Note, Trouble
from simulator.drawn.orders import draw_orders
from simulator.drawn.scene import CALM, Scene, TroubleKind


def of_crew(scene: Scene, name: str) -> Trouble:
    line, crew = scene.line(), scene.draw.choice(scene.layout.crews)
    end, times = scene.calendar.seconds, scene.draw.uniform(1.8, 2.6)
    longer = Longer(line.path, CALM, end, times, crew=crew)
    says = f"Crew {crew} takes {times:.1f} times as long for a change-over on {line.name}."
    spans = scene.crew_spans(crew)
    cause = {"kind": "crew", "crew": crew}
    return Trouble(name, "set_up_crew", ("set_up",), line.path, CALM, end, cause, says, effects=[longer], spans=spans)


def of_product(scene: Scene, name: str) -> Trouble | None:
    line = scene.line()
    product, end, times = scene.draw.choice(line.products), scene.calendar.seconds, scene.draw.uniform(1.8, 2.6)
    spans = [(a - 3600, a + 3600) for a, _ in scene.runs(line, product.id) if a > CALM]
    if not spans:
        return None
    longer = Longer(line.path, CALM, end, times, product=product.id)
    says = f"The change-over to {product.name} takes {times:.1f} times as long as it should."
    cause = {"kind": "product", "product": product.id}
    return Trouble(
        name, "set_up_product", ("set_up",), line.path, CALM, end, cause, says, effects=[longer], spans=spans
    )


def for_a_tool(scene: Scene, name: str) -> Trouble | None:
    line, draw = scene.line(), scene.draw
    units = [unit for unit in line.units if unit.kind.tools]
    orders = draw_orders(line, scene.calendar, scene.layout.seed)
    coming = [order for order in orders[1:] if CALM < order.planned < 0.8 * scene.calendar.seconds]
    if not units or not coming:
        return None
    order, unit = draw.choice(coming), draw.choice(units)
    extra, tool = draw.uniform(1500, 3600), f"{unit.path.rpartition('/')[2].upper()}-T9"
    longer = Longer(line.path, 0.0, scene.calendar.seconds, 1.0, order=order.number, extra=extra)
    note = Note(
        unit.path, order.planned, f"Change-over to order {order.number} waited {extra / 60:.0f} min for tool {tool}."
    )
    says = f"The change-over to order {order.number} on {line.name} waited {extra / 60:.0f} min for tool {tool}."
    cause = {"kind": "tool", "tool": tool, "order": order.number}
    spans = [(order.planned - 7200, order.planned + 7200)]
    return Trouble(
        name, "set_up_tool", ("set_up",), line.path, order.planned, order.planned + extra, cause, says,
        effects=[longer, note], spans=spans,
    )  # fmt: skip


crew = TroubleKind("set_up_crew", of_crew, 0.5)
product = TroubleKind("set_up_product", of_product, 0.5)
tool = TroubleKind("set_up_tool", for_a_tool, 0.8)
