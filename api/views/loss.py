"""A loss as tables and its own page show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mom import words
from mom.models import Equipment, Loss


def loss_view(loss: Loss, where: Equipment, currency: str, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": loss.id,
        "title": loss.title,
        "kind": loss.kind,
        "where": where.name,
        "path": where.path,
        "when_words": words.span_of(loss.started_at, loss.ended_at, now, zone),
        "time_words": words.duration(loss.seconds),
        "units_words": words.number(loss.units, 0),
        "money": float(loss.money) if loss.money is not None else None,
        "money_words": words.money(loss.money, currency),
        "coverage": loss.coverage,
        "status": loss.status,
        "lasts": loss.ended_at is None,
    }


def loss_json(loss: Loss, where: Equipment) -> dict[str, Any]:
    """One loss over the API: times in UTC, seconds, pieces, the plant's currency."""
    return {
        "id": loss.id, "ref": f"loss:{loss.id}", "equipment": where.path, "rule": loss.rule, "kind": loss.kind,
        "title": loss.title, "reason": loss.reason, "from": loss.started_at, "to": loss.ended_at,
        "found_at": loss.found_at, "seconds": loss.seconds, "units": loss.units,
        "money": float(loss.money) if loss.money is not None else None, "coverage": loss.coverage,
        "status": loss.status, "evidence": loss.evidence, "figures": loss.figures,
    }  # fmt: skip


def by_money(views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What lasts first, then the dearest."""
    return sorted(views, key=lambda v: (not v["lasts"], -(v["money"] or 0.0)))


def diagnosis_view(diagnosis: Mapping[str, Any]) -> dict[str, Any]:
    """Causes with their score in percent."""
    return {**diagnosis, "causes": [{**c, "percent": round(100 * c["score"])} for c in diagnosis["causes"]]}
