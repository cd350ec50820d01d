"""The `links` rows: how each connector is doing, and the lease of the collector that runs it.

A lease ends by itself when its holder is not heard of for LEASE_S. `fence` grows with each new holder, and what a
holder says is bound to the fence it got: one that was away too long changes nothing any more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from connectors.gaps import lasting_gap

LEASE_S = 15
_ACQUIRE = """
    INSERT INTO links AS l (site_id, connector, protocol, since, holder, fence, lease_until)
    VALUES (%(site)s, %(connector)s, %(protocol)s, now(), %(holder)s, 1, now() + make_interval(secs => %(secs)s))
    ON CONFLICT (site_id, connector) DO UPDATE
    SET holder = excluded.holder, fence = l.fence + 1, lease_until = excluded.lease_until, protocol = excluded.protocol
    WHERE l.lease_until IS NULL OR l.lease_until < now() OR l.holder = excluded.holder
    RETURNING fence, alive_at
"""
_RENEW = """
    UPDATE links SET state = %(state)s, since = coalesce(%(since)s, since), detail = %(detail)s,
        alive_at = coalesce(%(alive_at)s, alive_at), last_reading_at = coalesce(%(last_reading_at)s, last_reading_at),
        readings = readings + %(readings)s, waiting = %(waiting)s, spool_bytes = %(bytes)s, spool_limit = %(limit)s,
        lease_until = now() + make_interval(secs => %(secs)s)
    WHERE site_id = %(site)s AND connector = %(connector)s AND fence = %(fence)s
"""
_HOLDER = "SELECT holder FROM links WHERE site_id = %s AND connector = %s"
Connection = psycopg.AsyncConnection[Any]


@dataclass(slots=True)
class Health:
    """How a connector is doing. `state`: starting, alive, lost, refused, stopped. `fresh`: readings not told of yet."""

    state: str = "starting"
    since: datetime | None = None
    detail: str = ""
    alive_at: datetime | None = None
    last_reading_at: datetime | None = None
    fresh: int = 0


@dataclass(slots=True)
class Lease:
    """One connector's lease, as this collector knows it; `fence` none: somebody else's, or not asked for yet.

    `alive_at`: when the source was last heard by whoever had the lease before, as they told the store.
    """

    site_id: int
    connector: str
    protocol: str
    holder: str
    fence: int | None = None
    alive_at: datetime | None = None

    async def acquire(self, connection: Connection) -> bool:
        row = {
            "site": self.site_id,
            "connector": self.connector,
            "protocol": self.protocol,
            "holder": self.holder,
            "secs": LEASE_S,
        }
        found = await (await connection.execute(_ACQUIRE, row)).fetchone()
        self.fence, self.alive_at = found if found else (None, None)
        return found is not None

    async def notes(self, connection: Connection, own: Mapping[str, str]) -> dict[str, str | None]:
        """What goes into the spool's notes with a lease just got, for the feed to go on from.

        `own`: the notes so far. They hold if nobody had the lease since; a new spool's, or those of a collector that
        another stood in for, do not, and the store is asked instead: an hour that nobody collected is a gap too.
        """
        notes: dict[str, str | None] = {f"fence:{self.connector}": str(self.fence)}
        if own.get(f"fence:{self.connector}") == str((self.fence or 0) - 1):
            return notes
        gap = await lasting_gap(connection, self.site_id, self.connector)
        alive = own.get(f"alive:{self.connector}")
        heard = [datetime.fromisoformat(alive)] if alive else []
        heard += [self.alive_at] if self.alive_at else []
        return notes | {
            f"gap:{self.connector}": json.dumps(gap.as_json()) if gap else None,
            f"alive:{self.connector}": max(heard).isoformat() if heard else None,
        }

    async def renew(self, connection: Connection, health: Health, *, waiting: int, size: int, limit: int) -> bool:
        """Tell how it goes and keep the lease; False: another collector has it now."""
        fresh = health.fresh
        row = {
            "site": self.site_id,
            "connector": self.connector,
            "fence": self.fence,
            "secs": LEASE_S if health.state != "stopped" else 0,
            "state": health.state,
            "since": health.since,
            "detail": health.detail,
            "alive_at": health.alive_at,
            "last_reading_at": health.last_reading_at,
            "readings": fresh,
            "waiting": waiting,
            "bytes": size,
            "limit": limit,
        }
        renewed = (await connection.execute(_RENEW, row)).rowcount == 1
        if renewed:
            health.fresh -= fresh
        else:
            self.fence = None
        return renewed

    async def who_has_it(self, connection: Connection) -> str:
        found = await (await connection.execute(_HOLDER, [self.site_id, self.connector])).fetchone()
        return str(found[0]) if found and found[0] else "nobody"
