"""What is to be sent, written in the transaction that caused it. The courier (api/courier.py) sends it."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import Letter

CHANNEL = "lineside_letters"
LONGEST_SUBJECT = 200


async def write_email(
    session: AsyncSession,
    *,
    site_id: int,
    key: str,
    to: str,
    subject: str,
    text: str,
    now: datetime,
    html: str | None = None,
    attachments: dict[str, Any] | None = None,
) -> int | None:
    """The letter's id; None when one with this key was written before. `attachments`: file name to
    `{"report_run": id, "form": "pdf"}`. The caller commits."""
    return await _write(
        session,
        site_id=site_id,
        key=key,
        channel="email",
        to=to,
        subject=one_line(subject),
        body=text,
        html=html,
        attachments=attachments or {},
        now=now,
    )


async def write_webhook(
    session: AsyncSession, *, site_id: int, key: str, to: str, kind: str, data: dict[str, Any], now: datetime
) -> int | None:
    """To `system:CODE` or `endpoint:ID`: `{"type": kind, "timestamp", "data"}`. The letter's id; None when one with
    this key was written before. The caller commits."""
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data}, ensure_ascii=False)
    return await _write(session, site_id=site_id, key=key, channel="webhook", to=to, subject=kind, body=body, now=now)


async def _write(session: AsyncSession, *, now: datetime, **columns: Any) -> int | None:
    written: int | None = await session.scalar(
        insert(Letter)
        .values(**columns, created_at=now, due_at=now)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Letter.id)
    )
    if written is not None:
        await session.execute(select(func.pg_notify(CHANNEL, str(written))))
    return written


def one_line(subject: str) -> str:
    """A header's text: no line may begin in it."""
    return " ".join(subject.split())[:LONGEST_SUBJECT]
