"""Links and waiting items in words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mom import words
from mom.models import Link, WaitingItem

STATES = {
    "alive": ("answers", "run"),
    "lost": ("does not answer", "stop"),
    "refused": ("refused", "stop"),
    "starting": ("starting", "wait"),
}


def link_view(link: Link, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    word, kind = STATES.get(link.state, (link.state, "unknown"))
    fill = link.spool_bytes / link.spool_limit if link.spool_limit else 0.0
    return {
        "connector": link.connector,
        "protocol": link.protocol,
        "word": word,
        "kind": kind,
        "since": words.time_of(link.since, now, zone),
        "detail": link.detail,
        "readings": words.number(link.readings, 0),
        "last": words.time_of(link.last_reading_at, now, zone) if link.last_reading_at else words.NOTHING,
        "waiting": words.number(link.waiting, 0),
        "spool": words.percent(fill),
    }


def waiting_view(item: WaitingItem, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": item.id,
        "source": item.source,
        "noun": item.noun,
        "field": item.field or words.NOTHING,
        "reason": item.reason,
        "body": item.body[:400],
        "at": words.time_of(item.received_at, now, zone),
    }
