"""The record that cannot be changed unseen: each entry's hash covers the entry and the hash before it.

An entry's hash is SHA-256 over the hash before it and the entry's RFC 8785 JSON. Beside the chain stands its head (how
many entries, the last hash), so that entries cut off the end are missed too. Whoever can write both the chain and its
head, and recomputes every hash, is not found by this alone: keep `head()` elsewhere now and then (backups do).
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import AuditEntry, AuditHead

LOCK = 0x4C53_4155  # one writer of the chain at a time, until its transaction ends
START = bytes(32)


async def append(
    session: AsyncSession,
    *,
    site_id: int,
    at: datetime,
    actor: str,
    act: str,
    subject: str,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry in the caller's transaction. `detail`: JSON values, whole numbers below 2**53, no NaN."""
    await session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    head = await session.get(AuditHead, 1, populate_existing=True)
    number, before = (head.entries + 1, head.hash) if head else (1, START)
    entry = AuditEntry(
        id=number, site_id=site_id, at=at, actor=actor, act=act, subject=subject, detail=detail or {}, before=before
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    await session.flush()
    values = {"entries": number, "hash": entry.hash}
    row = insert(AuditHead).values(id=1, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))
    return entry


async def head(session: AsyncSession) -> tuple[int, str]:
    """How many entries there are, and the last one's hash in hex."""
    row = await session.get(AuditHead, 1, populate_existing=True)
    return (row.entries, row.hash.hex()) if row else (0, START.hex())


async def verify(session: AsyncSession) -> list[str]:
    """Every fault of the chain, in words; none: nothing was changed, removed, reordered or put in."""
    faults: list[str] = []
    number, before = 0, START
    async for entry in await session.stream_scalars(select(AuditEntry).order_by(AuditEntry.id)):
        number += 1
        if entry.id != number:
            faults.append(f"entry {number} is missing (the next is {entry.id})")
            number = entry.id
        if entry.before != before:
            faults.append(f"entry {entry.id} does not follow the one before it")
        if entry.hash != hash_of(entry):
            faults.append(f"entry {entry.id} was changed ({entry.act} of {entry.subject})")
        before = entry.hash
    count, last = await head(session)
    if (count, last) != (number, before.hex()):
        faults.append(
            f"the chain should end with entry {count} ({last[:12]}), it ends with {number} ({before.hex()[:12]})"
        )
    return faults


def hash_of(entry: AuditEntry) -> bytes:
    """SHA-256 of the hash before it and the entry's own canonical JSON."""
    content: Any = {
        "id": entry.id,
        "site": entry.site_id,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "detail": entry.detail,
    }
    return hashlib.sha256(entry.before + rfc8785.dumps(content)).digest()
