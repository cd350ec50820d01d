"""Quality: control charts, capability, and what drives a result."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from mom import words
from mom.blocks import Block
from mom.quality.capable import capable
from mom.quality.chart import TITLES, Kind
from mom.quality.charted import Charted, charted, rules_of
from mom.quality.drawing import control_block, says, shown, told, unit_of
from mom.quality.explained import explained
from mom.quality.repairs import repairs_at
from mom.quality.rules import RULES
from mom.quality.series import series_of
from mom.store.plants import Layout
from mom.store.quality import measured_in, models_of
from tools.scope import End, Start, Where, scope
from tools.scope import told as when
from tools.shown import table
from tools.tool import Context, Result, tool

Characteristic = Annotated[
    str | None, Field(description="Such as `opening torque`, or `scrap` for the share thrown out by shift; none: all.")
]
MONTH = timedelta(days=30)
SHOWN = 3


@tool(doing="Drawing the control chart")
async def get_control_chart(
    context: Context,
    equipment: Where = None,
    characteristic: Characteristic = None,
    kind: Kind | None = None,
    rules: list[int] | None = None,
) -> Result:
    """Control charts of a machine's or line's measured results: limits, whether it is in control, since when not, by which of
    Nelson's rules (`rules`; none: the plant's own). `kind`: individuals (the usual), xbar_r, xbar_s (subgroups: shifts), ewma,
    cusum; p, np, c, u for `scrap`."""
    asked = await scope(context, equipment)
    below = asked.machine.path if asked.machine else None
    on = tuple(rules) if rules else rules_of(asked.layout)
    found = await charted(context.read, asked.layout, below, characteristic, kind, on, context.now)
    blocks: list[Block] = []
    for one in found[:SHOWN]:
        name = machine_name(asked.layout, one.equipment)
        title = f"{one.characteristic[:1].upper()}{one.characteristic[1:]}, {name}"
        block = control_block(
            one, title, context.zone, await repairs_at(context.read, asked.layout, one, context.now), _rows_path(one)
        )
        blocks += [block] if block else []
    data = {
        "rules_on": [{"number": n, "says": RULES[n].says} for n in sorted(on)],
        "charts": [_chart(context, asked.layout, one) for one in found[:8]],
        "left_out": max(0, len(found) - 8),
    }
    return Result(data, tuple(blocks), asked.place)


def _chart(context: Context, layout: Layout, one: Charted) -> dict[str, Any]:
    point = shown(one.chart).points[-1] if one.chart else None
    last = one.episodes[-1] if one.episodes else None
    return {
        "characteristic": one.characteristic,
        "equipment": one.equipment,
        "machine": machine_name(layout, one.equipment),
        "unit": unit_of(one),
        "kind": TITLES[one.chart.kind] if one.chart else None,
        "points": len(one.times),
        "baseline": one.baseline,
        "newest": words.number(point.value) if point else None,
        "centre": words.number(point.centre) if point else None,
        "low": words.number(point.low) if point and point.low is not None else None,
        "high": words.number(point.high) if point and point.high is not None else None,
        "in_control": None if one.chart is None else not one.out,
        "since": when(one.times[last.first], context) if last and one.out else None,
        "signals": says(one.chart.kind, last.rules) if one.chart and last and one.out else [],
        "times_out": len(one.episodes),
        "ref": one.refs[-1] if one.refs else None,
        "missing": one.missing,
        "said": told(one),
    }


@tool(doing="Reckoning the capability")
async def get_capability(
    context: Context,
    equipment: Where = None,
    characteristic: Characteristic = None,
    start: Start = None,
    end: End = None,
) -> Result:
    """Cp, Cpk, Pp, Ppk of measured results against their limits, each with its 95 % interval, by machine, characteristic and
    specification; an index that the values do not carry is null and `withheld` says why. Without a start: the last 30 days."""
    asked = await scope(context, equipment, start or context.now - MONTH, end)
    below = asked.machine.path if asked.machine else None
    found = series_of(await measured_in(context.read, asked.layout, asked.window, below=below))
    chosen = [s for s in found if characteristic is None or characteristic.lower() in s.characteristic.lower()]
    made = [capable(series, machine_name(asked.layout, series.equipment)) for series in chosen]
    rows = [row for row in made if row is not None]
    columns = [
        ("name", "Characteristic", ""),
        ("machine", "Machine", ""),
        ("limits", "Limits", ""),
        ("n", "Results", ""),
    ]
    columns += [("cpk_said", "Cpk", ""), ("ppk_said", "Ppk", ""), ("outside", "Outside", "")]
    block = table(
        "Capability", columns, rows, source=asked.query("inspection_results"), empty="Nothing with limits was measured."
    )
    return Result({"window": asked.label, "rows": rows}, (block,), asked.about)


@tool(doing="Looking at what drives it")
async def explain_quality(
    context: Context,
    equipment: Where = None,
    what: Annotated[str | None, Field(description="Characteristic or reason of scrap.")] = None,
) -> Result:
    """What drives a measured result or a reason of scrap: which machine parameter, in which range, how much it differs there with its
    interval, how well that held on later days that the model had not seen, and which product, lot, crew or shift it could be instead.
    Where no model beats the mean it says so: then no parameter may be named as the driver."""
    asked = await scope(context, equipment)
    here = await models_of(context.read, context.site_id, asked.path)
    chosen = [m for m in here if what is None or all(word in m.response.lower() for word in what.lower().split())]
    rows = [explained(model, machine_name(asked.layout, model.equipment)) for model in (chosen or here)[:8]]
    note = (
        ""
        if chosen
        else f"Nothing is known of {what or 'quality'} there."
        if here
        else "No model has been trained yet: it needs 120 results on ten days."
    )
    data = {"models": rows if chosen else [], "known": [r["response"] for r in rows], "note": note}
    columns = [("response", "Result", ""), ("machine", "Machine", ""), ("said", "What drives it", "")]
    return Result(data, (table("What drives quality", columns, data["models"], empty=note or "Nothing."),), asked.place)


def machine_name(layout: Layout, path: str) -> str:
    return layout.machines[path].name if path in layout.machines else path


def _rows_path(one: Charted) -> str:
    return f"/api/v1/rows/inspection_results?equipment={one.equipment}"
