"""A loss as tables and its own page show it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mom import words
from mom.causes.likely import likely
from mom.losses.share import Share, whole_of
from mom.losses.spoken import cost_words
from mom.models import Equipment, Loss

STANDS = ("breakdown", "unclassified")
"""Kinds of loss that cost time this very minute while they last."""
SURE = ("replay", "meter")
"""How a cost can be known; else it is a first estimate."""


def loss_view(
    loss: Loss, where: Equipment, currency: str, now: datetime, zone: ZoneInfo, share: Share | None = None
) -> dict[str, Any]:
    """`share`: only what lies in the window that is shown; else the whole trouble."""
    lost = share or whole_of(loss)
    seconds, units, money = lost.seconds, lost.units, lost.money
    return {
        "id": loss.id,
        "title": loss.title,
        "kind": loss.kind,
        "where": where.name,
        "path": where.path,
        "when_words": words.span_of(loss.started_at, loss.ended_at, now, zone),
        "seconds": seconds,
        "time_words": words.duration(seconds),
        "units_words": words.number(units, 0),
        "money": float(money) if money is not None else None,
        "money_words": words.money(money, currency),
        "money_between": words.money_between(money, lost.low, lost.high, currency),
        "cost_words": cost_words(loss, currency),
        "is_estimate": money is not None and (loss.figures or {}).get("cost", {}).get("by") not in SURE,
        "coverage": loss.coverage,
        "status": loss.status,
        "lasts": loss.ended_at is None and loss.kind in STANDS,
    }


def loss_json(loss: Loss, where: Equipment, share: Share | None = None) -> dict[str, Any]:
    """One loss over the API: times in UTC, seconds, pieces, the plant's currency. `share`: only what lies in a window."""
    lost = share or whole_of(loss)
    return {
        "id": loss.id, "ref": f"loss:{loss.id}", "equipment": where.path, "rule": loss.rule, "kind": loss.kind,
        "title": loss.title, "reason": loss.reason, "from": loss.started_at, "to": loss.ended_at,
        "found_at": loss.found_at, "seconds": lost.seconds, "units": lost.units,
        "money": number(lost.money), "money_low": number(lost.low), "money_high": number(lost.high),
        "priced_at": loss.priced_at, "alerted_at": loss.alerted_at, "coverage": loss.coverage,
        "status": loss.status, "evidence": loss.evidence, "figures": loss.figures,
    }  # fmt: skip


def number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def by_money(views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What lasts first, then the dearest."""
    return sorted(views, key=lambda v: (not v["lasts"], -(v["money"] or 0.0)))


def diagnosis_view(diagnosis: Mapping[str, Any]) -> dict[str, Any]:
    """Causes with their score in percent; `answer`: the first of them where the evidence carries one, else why not."""
    causes = [{**c, "percent": min(99, round(100 * c["score"]))} for c in diagnosis["causes"]]
    if diagnosis["sufficient"] and causes:
        answer = f"{likely(causes[0]['score']).capitalize()} {causes[0]['cause']}."
    else:
        answer = " ".join(filter(None, (diagnosis["summary"], diagnosis["measure_next"])))
    return {**diagnosis, "causes": causes, "answer": answer}
