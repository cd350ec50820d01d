"""How the lines are now: state, order, count and OEE of the shift so far."""

from datetime import datetime
from typing import Any

from mom import words
from mom.blocks import FigureBlock, TimelineBlock
from mom.board import LineNow, MachineNow, lines_in
from mom.facts import Facts, Machine, StateSpan, StopSpan, Window
from tools.scope import Scope, Where, lines_of, local, scope, told
from tools.shown import RUNNING, kind_of, lane
from tools.tool import Context, Result, tool

SHOWN = ("oee", "availability", "effectiveness", "quality_ratio", "good", "scrap")


@tool(doing="Looking at the line")
async def get_line_status(context: Context, equipment: Where = None) -> Result:
    """How a line or machine is now: its state and since when, what stands and for which reason, the order and product, pieces and
    OEE of this shift so far. Without equipment: every line."""
    asked = await scope(context, equipment)
    lines = await lines_in(context.read, asked.layout, _lines(asked), asked.window, context.now)
    shift = lines[0].shift if lines else None
    status = [_line(context, line) for line in lines]
    oees = [(f, s["line"]) for s in status for f in s["figures"] if f["name"] == "oee"]
    figure_blocks = tuple(FigureBlock(figure={**f, "title": f"{f['title']}, {line}"}) for f, line in oees)
    return Result(
        {
            "at": local(context.now, context),
            "shift": {"name": shift.name, "crew": shift.crew} if shift else None,
            "window": asked.label,
            "lines": status,
        },
        (*figure_blocks, _timeline(asked, context.now, lines)),
        asked.about,
    )


def _lines(asked: Scope) -> list[Machine]:
    """The line of what was asked for; its own parts are shown with it."""
    if asked.machine is None:
        return lines_of(asked.layout)
    return [asked.layout.machines.get(asked.machine.line, asked.machine)]


def _line(context: Context, line: LineNow) -> dict[str, Any]:
    order = line.order
    return {
        "equipment": line.machine.path,
        "line": line.machine.name,
        "order": order.number if order else None,
        "product": order.product_name if order else None,
        "constraint": line.constraint.machine.name if line.constraint else None,
        "machines": [_machine(context, machine) for machine in line.machines],
        "figures": [figure.as_json() for name, figure in line.figures.items() if name in SHOWN],
    }


def _machine(context: Context, now: MachineNow) -> dict[str, Any]:
    return {
        "equipment": now.machine.path,
        "machine": now.machine.name,
        **_state(context, now.state, now.facts),
        "stop": _stop(context, now.stop) if now.stop else None,
        "alarms": [{"text": a.text, "ref": f"alarm:{a.id}"} for a in now.facts.alarms if a.open],
    }


def _stop(context: Context, stop: StopSpan) -> dict[str, Any]:
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


def _timeline(asked: Scope, now: datetime, lines: list[LineNow]) -> TimelineBlock:
    machines = {machine.machine.path: machine for line in lines for machine in line.machines}
    window = Window(asked.window.start, asked.window.end)
    lanes = tuple(
        lane(m.machine.name, path, m.facts.states, window, m.facts.minor_stop) for path, m in machines.items()
    )
    title = f"States, {words.span_of(window.start, None, now, asked.layout.zone)}"
    return TimelineBlock(title=title, start=window.start, end=window.end, lanes=lanes)
