"""Improvement tasks, and whether they helped."""

from typing import Any, Literal

from mom.models import Effect, ImprovementTask
from mom.store.improvement import tasks_of
from tools.scope import told
from tools.shown import table
from tools.tool import Context, Result, tool


@tool(doing="Looking at the improvement tasks")
async def list_tasks(context: Context, status: Literal["all", "open", "done", "checked"] = "all") -> Result:
    """Improvement tasks: against which loss, owner, baseline, target, due and check date, and for checked ones the effect with its
    interval and verdict (better, no change seen, worse, cannot tell)."""
    found = await tasks_of(context.read, context.site_id)
    rows = [_row(context, task, effect) for task, effect in found if status in ("all", task.status)][:30]
    columns = [("title", "Task", ""), ("owner", "Owner", ""), ("due_on", "Due", ""), ("status", "State", "")]
    shown = table("Improvement tasks", [*columns, ("verdict", "Effect", "")], rows, empty="No task is open.")
    return Result({"count": len(rows), "tasks": rows}, (shown,))


def _row(context: Context, task: ImprovementTask, effect: Effect | None) -> dict[str, Any]:
    return {
        "ref": f"task:{task.id}",
        "title": task.title,
        "countermeasure": task.countermeasure,
        "owner": task.owner,
        "status": task.status,
        "measure": task.measure,
        "reason": task.reason,
        "unit": task.unit,
        "baseline": task.baseline,
        "target": task.target,
        "due_on": task.due_on.isoformat(),
        "check_on": task.check_on.isoformat(),
        "verdict": effect.verdict if effect else None,
        "effect": _effect(context, effect) if effect else None,
        "loss": f"loss:{task.loss_id}" if task.loss_id else None,
    }


def _effect(context: Context, effect: Effect) -> dict[str, Any]:
    return {
        "ref": f"effect:{effect.id}",
        "verdict": effect.verdict,
        "unit": effect.unit,
        "before": effect.before,
        "after": effect.after,
        "difference": effect.difference,
        "low": effect.low,
        "high": effect.high,
        "money": float(effect.money) if effect.money is not None else None,
        "checked": told(effect.checked_at, context),
    }
