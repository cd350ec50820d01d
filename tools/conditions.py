"""What costs nothing yet and should be looked at: drifts, sensors that lie, counters that stand still, silent links."""

from typing import Any

from mom.losses.loss import TITLES, LossKind
from mom.models import Equipment, Loss
from mom.store.losses import conditions_in
from tools.scope import End, Start, Where, scope, told
from tools.shown import table
from tools.tool import Context, Result, tool

COLUMNS = [("title", "What", ""), ("machine", "Machine", ""), ("started", "Since", ""), ("ended", "Until", "")]
TOLD = ("tag", "norm", "level", "off", "says", "connector", "machines")
"""What a condition's figures may have to say."""


@tool(doing="Looking for what drifts or lies")
async def list_conditions(context: Context, equipment: Where = None, start: Start = None, end: End = None) -> Result:
    """What costs nothing yet and should be looked at, in a window: measured quantities that drift away from their norm, sensors that lie
    (frozen, noisy, off against the laboratory), counters that stand still while their machine runs, links that are silent. `sign_of` names
    the loss that it turned out to lead to. Start here when asked what is wrong right now, what drifts, or whether a sensor can be trusted."""
    asked = await scope(context, equipment, start, end)
    below = asked.machine.path if asked.machine else None
    found = await conditions_in(context.read, context.site_id, asked.window, below=below)
    rows = [_row(context, loss, node) for loss, node in found]
    source = asked.query("losses")
    data = {"window": asked.label, "count": len(rows), "conditions": rows, "source": source}
    empty = "Nothing drifts, no sensor is known to lie, every counter counts and every link is heard."
    return Result(data, (table("To be looked at", COLUMNS, rows, source=source, empty=empty),), asked.about)


def _row(context: Context, loss: Loss, node: Equipment) -> dict[str, Any]:
    return {
        "ref": f"loss:{loss.id}",
        "kind": loss.kind,
        "kind_title": TITLES[LossKind(loss.kind)],
        "title": loss.title,
        "machine": node.name,
        "equipment": node.path,
        "started": told(loss.started_at, context),
        "ended": told(loss.ended_at, context),
        "still": loss.ended_at is None,
        "sign_of": f"loss:{loss.symptom_of}" if loss.symptom_of else None,
        **{name: loss.figures[name] for name in TOLD if loss.figures.get(name)},
    }
