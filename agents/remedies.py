"""From a cause to what should be done about it: one table, used by the built-in planner and by triage. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Data = Mapping[str, Any]
_ROW = re.compile(r"[a-z_]+:\d+")
"""A row that can be evidence; a signal is shown, and is no row."""
_TASKS = {
    "crew": "Train the crew",
    "product": "Adapt machine and change-over",
    "material_lot": "Block the lot and claim it",
    "late_delivery": "Secure the deliveries",
}
"""Kinds of causes that are answered by changing how people work, not by a repair."""
_ADJUST = ("after_maintenance", "lying_sensor")


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to propose: the action, its payload, and why."""

    action: str
    payload: dict[str, Any]
    rationale: str
    expected_effect: str
    evidence: tuple[str, ...]
    alternatives: tuple[str, ...] = ()

    def arguments(self, loss_ref: str) -> dict[str, Any]:
        """As the proposing tool takes them."""
        return {
            "action": self.payload,
            "rationale": self.rationale,
            "expected_effect": self.expected_effect,
            "evidence": list(self.evidence),
            "alternatives": list(self.alternatives),
            "loss": loss_ref,
        }


def remedy(diagnosis: Data, now: datetime, zone: ZoneInfo) -> Remedy | None:
    """For the strongest cause of a diagnosis (as `explain_loss` tells it). None: the evidence does not carry an action."""
    causes = diagnosis["causes"]
    if not diagnosis["sufficient"] or not causes:
        return None
    cause = causes[0]
    evidence = _evidence(diagnosis, cause)
    if cause["kind"] in _TASKS or diagnosis["kind"] == "set_up":
        return _task(diagnosis, cause, evidence, now.astimezone(zone))
    return _repair(diagnosis, cause, evidence)


def _repair(diagnosis: Data, cause: Data, evidence: tuple[str, ...]) -> Remedy:
    part = cause.get("part") or None
    adjust = cause["kind"] in _ADJUST
    title = f"Check and replace the {part}" if part else f"Check and mend: {_short(cause)}"
    if adjust:
        title = f"Set back to standard: {_short(cause)}"
    payload = {
        "title": title[:160],
        "equipment": cause["equipment"],
        "part": part,
        "kind": "corrective",
        "text": _told(diagnosis, cause),
        "failure_mode": (diagnosis["reason"] or diagnosis["title"])[:160],
        "minutes": 20 if adjust else 45,
        "line_stands_minutes": 20 if adjust else 45,
    }
    return Remedy(
        "maintenance_order",
        {key: value for key, value in payload.items() if value is not None},
        _told(diagnosis, cause),
        f"Ends “{diagnosis['title']}” if the cause is right; the evidence is not a proof.",
        evidence,
        (f"Measure first: {cause['measure_next']}"[:400],) if cause["measure_next"] else (),
    )


def _task(diagnosis: Data, cause: Data, evidence: tuple[str, ...], local: datetime) -> Remedy:
    payload = {
        "title": f"{_TASKS.get(cause['kind'], 'Work on')}: {_short(cause)}"[:160],
        "countermeasure": _told(diagnosis, cause),
        "owner": "supervisor",
        "due_on": (local.date() + timedelta(days=7)).isoformat(),
        "check_after_days": 14,
    }
    return Remedy(
        "improvement_task",
        payload,
        _told(diagnosis, cause),
        f"Less of “{diagnosis['title']}”; measured on the check date.",
        evidence,
        (f"Measure first: {cause['measure_next']}"[:400],) if cause["measure_next"] else (),
    )


def _told(diagnosis: Data, cause: Data) -> str:
    facts = "; ".join(item["text"] for item in cause["evidence"][:3])
    return f"{diagnosis['title']}. Most likely cause: {cause['cause']}. {facts}"[:1500]


def _short(cause: Data) -> str:
    """`set speed lowered` of `Filler 1: set speed lowered`."""
    return str(cause["cause"]).removeprefix(f"{cause.get('machine', '')}: ")


def _evidence(diagnosis: Data, cause: Data) -> tuple[str, ...]:
    rows = [ref for item in cause["evidence"] for ref in item["refs"]]
    stored = (ref for ref in [str(diagnosis["ref"]), *rows] if _ROW.fullmatch(ref))
    return tuple(dict.fromkeys(stored))[:20]
