"""Records that could not be taken in: kept whole, with the reason, until somebody settles them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import psycopg
from psycopg.types.json import Jsonb

from mom.records.row import as_text
from mom.records.unmappable import Unmappable

DROPPED = "dropped by a person"
ADD = """
    INSERT INTO waiting_items (site_id, source, noun, key, digest, body, field, reason, mapping, more)
    SELECT %(site)s, %(source)s, %(noun)s, %(key)s, %(digest)s, %(body)s, %(field)s, %(reason)s, %(mapping)s, %(more)s
    WHERE NOT EXISTS (SELECT FROM waiting_items WHERE site_id = %(site)s AND source = %(source)s AND noun = %(noun)s
        AND key = %(key)s AND digest = %(digest)s AND settled_how = %(dropped)s)
    ON CONFLICT (site_id, source, noun, key, digest) WHERE settled_at IS NULL
    DO UPDATE SET field = excluded.field, reason = excluded.reason, mapping = excluded.mapping, more = excluded.more
"""
SETTLE_KEYS = """
    UPDATE waiting_items SET settled_at = %s, settled_by = 'system:records', settled_how = 'a record that fits came'
    WHERE site_id = %s AND source = %s AND noun = %s AND key = ANY(%s) AND key <> '' AND settled_at IS NULL
"""
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that waits: `record` as it came; `origin` says where it can be mapped from again."""

    key: str
    record: object
    reason: Unmappable
    origin: dict[str, str]


async def keep_waiting(
    connection: psycopg.AsyncConnection, site_id: int, source: str, noun: str, items: Iterable[Waiting]
) -> None:
    """Write `items` in the caller's transaction; one that waits already, or was dropped by a person, is not added."""
    rows = [
        {
            "site": site_id,
            "source": source,
            "noun": noun,
            "key": item.key,
            "digest": blake2b((body := as_text(item.record)).encode(), digest_size=16).hexdigest(),
            "body": body,
            "field": printable(item.reason.field),
            "reason": printable(item.reason.reason),
            "mapping": item.origin.get("mapping"),
            "more": Jsonb(item.origin),
            "dropped": DROPPED,
        }
        for item in items
    ]
    if rows:
        async with connection.cursor() as cursor:
            await cursor.executemany(ADD, rows)


async def settle_keys(
    connection: psycopg.AsyncConnection, site_id: int, source: str, noun: str, keys: Sequence[str], now: datetime
) -> int:
    """Earlier records of these keys need not wait any more: one that fits was stored."""
    return (await connection.execute(SETTLE_KEYS, [now, site_id, source, noun, list(keys)])).rowcount


def printable(text: str) -> str:
    """What PostgreSQL can hold as text."""
    clean = text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")
    return clean[:LONGEST_REASON]
