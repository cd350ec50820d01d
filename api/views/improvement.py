"""Improvement tasks as the page shows them: baseline, target, what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mom import words
from mom.models import Effect, ImprovementTask

VERDICTS = {"better": "good", "worse": "stop", "no change seen": "unknown", "cannot tell": "unknown"}


def task_view(
    task: ImprovementTask, effect: Effect | None, currency: str, now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    today = now.astimezone(zone).date()
    late = task.status == "open" and task.due_on < today
    return {
        "id": task.id,
        "title": task.title,
        "countermeasure": task.countermeasure,
        "owner": task.owner,
        "due": f"{task.due_on:%a} {task.due_on.day} {task.due_on:%b}",
        "check": f"{task.check_on:%a} {task.check_on.day} {task.check_on:%b}",
        "status": "late" if late else task.status,
        "kind": "stop" if late else "good" if task.status == "checked" else "you" if task.status == "open" else "run",
        "measure": measure_words(task),
        "baseline": amount(task.baseline, task.unit),
        "target": amount(task.target, task.unit),
        "loss_id": task.loss_id,
        "proposal_id": task.proposal_id,
        "effect": effect_view(effect, currency) if effect else None,
    }


def headline(tasks: Sequence[dict[str, Any]]) -> str:
    """How many of the tasks that were checked have helped."""
    verdicts = [task["effect"]["verdict"] for task in tasks if task["effect"]]
    if not tasks:
        return "No improvement task yet."
    if not verdicts:
        return f"{_tasks(len(tasks))}, none checked yet."
    if better := verdicts.count("better"):
        return f"{better} of {_tasks(len(verdicts), 'checked ')} helped."
    if set(verdicts) == {"cannot tell"}:
        return f"{_tasks(len(verdicts))} checked; the data cannot tell yet whether it helped."
    return f"None of {_tasks(len(verdicts), 'checked ')} helped."


def _tasks(count: int, kind: str = "") -> str:
    return f"{count} {kind}{'task' if count == 1 else 'tasks'}"


def measure_words(task: ImprovementTask) -> str:
    """`minor_stops.seconds` of a reason: "time of minor stops: guard door open"."""
    rule, _, quantity = task.measure.partition(".")
    what = {"seconds": "time of ", "units": "pieces of ", "money": "cost of "}.get(quantity, "")
    return f"{what}{rule.replace('_', ' ')}{f': {task.reason}' if task.reason else ''}"


def effect_view(effect: Effect, currency: str) -> dict[str, Any]:
    interval = ""
    if effect.low is not None and effect.high is not None:
        interval = f" ({amount(effect.low, effect.unit)} to {amount(effect.high, effect.unit)})"
    difference = f"{amount(effect.difference, effect.unit)}{interval}" if effect.difference is not None else ""
    return {
        "verdict": effect.verdict,
        "kind": VERDICTS.get(effect.verdict, "unknown"),
        "before": amount(effect.before, effect.unit),
        "after": amount(effect.after, effect.unit),
        "difference": difference,
        "money": f"{words.money(effect.money, currency)} a day"
        if effect.money is not None and effect.verdict != "cannot tell"
        else "",
    }


def amount(value: float | None, unit: str) -> str:
    """Seconds are said as time; a rate keeps its unit."""
    if value is None:
        return words.NOTHING
    if unit.startswith(("s/", "s a ")):
        return f"{words.duration(value)} {unit[1:].replace('/', 'a ').strip()}"
    return words.duration(value) if unit == "s" else f"{words.number(value)} {unit}".strip()
