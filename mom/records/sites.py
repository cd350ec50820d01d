"""The site that records are imported into."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import psycopg

from mom.errors import BadInput, NotFound
from mom.records.mapping import Site


@dataclass(frozen=True, slots=True)
class SiteRow:
    id: int
    code: str
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


async def ensure_site(connection: psycopg.AsyncConnection, site: Site) -> SiteRow:
    """The site of a mapping, made when it is not there. BadInput when it is, in another time zone."""
    await connection.execute(
        "INSERT INTO sites (code, name, time_zone, currency) VALUES (%s, %s, %s, %s) ON CONFLICT (code) DO NOTHING",
        [site.id, site.name or site.id, site.time_zone, site.currency],
    )
    found = await _site(connection, "code = %s", site.id)
    if found.time_zone != site.time_zone:
        raise BadInput(
            f"site {site.id} is kept in {found.time_zone}; the mapping says {site.time_zone}.",
            remedy=f"Write time_zone: {found.time_zone}, or import into a site of another id.",
        )
    return found


async def site_by_id(connection: psycopg.AsyncConnection, site_id: int) -> SiteRow:
    return await _site(connection, "id = %s", site_id)


async def _site(connection: psycopg.AsyncConnection, where: str, value: str | int) -> SiteRow:
    cursor = await connection.execute(f"SELECT id, code, time_zone FROM sites WHERE {where}", [value])
    row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"there is no site {value}.")
    return SiteRow(*row)
