"""How the lines are now: state, order, count and OEE of the shift so far."""

from typing import Any

from mom import words
from mom.blocks import FigureBlock, TimelineBlock
from mom.facts import Facts, Machine, StateSpan, Window
from mom.history.calendar import shift_at
from mom.kpis.board import elements_of, figures
from mom.store.facts import Scene, scene_of
from tools.scope import Scope, Where, lines_of, local, scope, told
from tools.shown import RUNNING, kind_of, lane
from tools.tool import Context, Result, tool

SHOWN = ("oee", "availability", "effectiveness", "quality_ratio", "good", "scrap")


@tool(doing="Looking at the line")
async def get_line_status(context: Context, equipment: Where = None) -> Result:
    """How a line or machine is now: its state and since when, what stands and for which reason, the order and product, pieces and
    OEE of this shift so far. Without equipment: every line."""
    asked = await scope(context, equipment)
    lines = _lines(asked)
    inside = [path for line in lines for path in (line.path, *(m.path for m in asked.layout.units(line.path)))]
    scene = await scene_of(context.read, asked.layout, asked.window, context.now, only=inside)
    status = [await _line(context, asked, scene, line) for line in lines]
    figure_blocks = tuple(FigureBlock(figure=f) for s in status for f in s["figures"] if f["name"] == "oee")
    return Result(
        {"at": local(context.now, context), "shift": _shift(scene), "window": asked.label, "lines": status},
        (*figure_blocks, _timeline(asked, scene, lines)),
        asked.about,
    )


def _lines(asked: Scope) -> list[Machine]:
    """The line of what was asked for; its own parts are shown with it."""
    if asked.machine is None:
        return lines_of(asked.layout)
    return [asked.layout.machines.get(asked.machine.line, asked.machine)]


async def _line(context: Context, asked: Scope, scene: Scene, line: Machine) -> dict[str, Any]:
    facts = scene.facts[line.path]
    made = await elements_of(context.read, asked.layout, line.path, asked.window, context.now)
    run = next((run for run in facts.runs if run.open), None)
    machines = [_machine(context, scene.facts[m.path]) for m in asked.layout.units(line.path) or [line]]
    product = facts.products.get(run.product or "") if run else None
    constraint = asked.layout.constraint(line.path)
    return {
        "equipment": line.path,
        "line": line.name,
        "order": run.order if run else None,
        "product": product.name if product else (run.product if run else None),
        "constraint": constraint.name if constraint else None,
        "machines": machines,
        "figures": [f.as_json() for f in figures(made, line.path, asked.window) if f.name in SHOWN],
    }


def _machine(context: Context, facts: Facts) -> dict[str, Any]:
    state = max(facts.states, key=lambda span: (span.start, span.end), default=None)
    stop = next((stop for stop in facts.stops if stop.open), None)
    alarms = [{"text": a.text, "ref": f"alarm:{a.id}"} for a in facts.alarms if a.open]
    return {
        "equipment": facts.machine.path,
        "machine": facts.machine.name,
        **_state(context, state, facts),
        "stop": _stop(context, facts, stop) if stop else None,
        "alarms": alarms,
    }


def _stop(context: Context, facts: Facts, stop: Any) -> dict[str, Any]:
    return {
        "ref": f"stop:{stop.id}",
        "reason": stop.reason or "no reason given yet",
        "since": told(stop.start, context),
        "seconds": (context.now - stop.start).total_seconds(),
    }


def _state(context: Context, state: StateSpan | None, facts: Facts) -> dict[str, Any]:
    if state is None:
        return {"state": "unknown", "kind": "unknown", "since": None, "why": "no state was ever received"}
    return {
        "state": state.detail or ("set-up" if state.mode == "set_up" else state.state),
        "kind": kind_of(state, facts.minor_stop),
        "runs": state.state in RUNNING and state.mode != "set_up",
        "since": told(state.start, context),
        "since_at": local(state.start, context),
        "seconds": (context.now - state.start).total_seconds(),
        **({"ref": f"state:{state.id}"} if state.id else {}),
    }


def _shift(scene: Scene) -> dict[str, Any] | None:
    shift = shift_at(scene.layout.shifts(scene.window), scene.now)
    return {"name": shift.name, "crew": shift.crew} if shift else None


def _timeline(asked: Scope, scene: Scene, lines: list[Machine]) -> TimelineBlock:
    machines = [m for line in lines for m in asked.layout.units(line.path) or [line]]
    window = Window(asked.window.start, asked.window.end)
    lanes = tuple(
        lane(m.name, m.path, scene.facts[m.path].states, window, scene.facts[m.path].minor_stop) for m in machines
    )
    title = f"States, {words.span_of(window.start, None, scene.now, asked.layout.zone)}"
    return TimelineBlock(title=title, start=window.start, end=window.end, lanes=lanes)
