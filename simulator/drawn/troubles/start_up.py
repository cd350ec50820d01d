"""After each change-over the constraint takes long to come to speed and throws out much."""

from simulator.drawn.calendar import HOUR
from simulator.drawn.effects import Bend, Trouble
from simulator.drawn.orders import draw_orders
from simulator.drawn.scene import Scene, TroubleKind


def draw(scene: Scene, name: str) -> Trouble | None:
    draw, line = scene.draw, scene.line()
    unit, first = scene.constraint(line), draw.uniform(700, 900)
    lasts = draw.uniform(18, 30) * HOUR
    start = scene.moment(0.0, lasts)
    begins = [
        o.planned for o in draw_orders(line, scene.calendar, scene.layout.seed)[1:] if start < o.planned < start + lasts
    ]
    if not begins:
        return None
    slow = Bend(unit.path, "speed", start, start + lasts, draw.uniform(0.5, 0.75), first=first)
    scrap = Bend(unit.path, "scrap", start, start + lasts, draw.uniform(0.05, 0.15), first=first)
    says = f"After change-overs {unit.name} runs badly for {first / 60:.0f} min; nothing shows why."
    return Trouble(
        name, kind.name, ("start_up",), unit.path, start, start + lasts, {"kind": "none"}, says, knowable=False,
        effects=[slow, scrap], spans=[(at - 1800, at + 5400) for at in begins],
    )  # fmt: skip


kind = TroubleKind("start_up", draw, 0.7)
