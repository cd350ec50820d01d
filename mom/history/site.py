"""What the history must know of a site: its tags and what they mean, its calendar, the codes of its products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg

from mom.facts import ShiftSpan, Window
from mom.history.calendar import planned, shifts_of
from mom.history.readings import micros
from mom.history.runs import product_names
from mom.history.values import Span
from mom.plant.schema import Calendar

Connection = psycopg.AsyncConnection[Any]
COUNTED = ("produced", "good", "scrap", "rework")

TAGS: LiteralString = """
    SELECT id, equipment_id, title, connector, meaning, config FROM tags
    WHERE site_id = %s AND active AND meaning NOT IN ('signal', 'speed', 'set_speed', 'energy') ORDER BY id
"""
EQUIPMENT: LiteralString = (
    "SELECT id, parent_id, path, level, ideal_rate FROM equipment WHERE site_id = %s AND active ORDER BY path"
)
PRODUCTS: LiteralString = "SELECT key, code FROM products WHERE site_id = %s AND upper_inf(recorded) ORDER BY id"
SITE: LiteralString = "SELECT time_zone, plant -> 'calendar' FROM sites WHERE id = %s"
GAPS: LiteralString = """
    SELECT connector, tag_id, started_at, ended_at FROM gaps WHERE site_id = %s AND (ended_at IS NULL OR ended_at > %s)
    ORDER BY started_at
"""


@dataclass(frozen=True, slots=True)
class TagFact:
    """A tag as the plant file has it."""

    id: int
    equipment: int
    title: str
    connector: str
    meaning: str
    config: Mapping[str, Any]

    @property
    def states(self) -> dict[str, str]:
        return {str(code): name for code, name in (self.config.get("states") or {}).items()}

    @property
    def texts(self) -> dict[str, str]:
        return {str(code): text for code, text in (self.config.get("texts") or {}).items()}

    @property
    def is_text(self) -> bool:
        return self.config.get("type") == "text"


@dataclass(frozen=True, slots=True)
class Node:
    id: int
    parent: int | None
    path: str
    level: str
    rate: float | None


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site for the history. Times of planned spans in microseconds."""

    id: int
    zone: ZoneInfo
    calendar: Calendar | None
    nodes: Mapping[int, Node]
    tags: Mapping[int, Sequence[TagFact]]  # by equipment
    products: Mapping[str, str]
    gaps: Sequence[tuple[str, int | None, datetime, datetime | None]] = field(default=())
    since: datetime | None = None  # gaps that ended before it were left out

    def line_of(self, equipment: int) -> int:
        """The work centre that the equipment belongs to: what order and product are told of."""
        node = self.nodes.get(equipment)
        while node is not None and node.level != "work_center" and node.parent is not None:
            node = self.nodes.get(node.parent)
        return node.id if node is not None else equipment

    def units_of(self, equipment: int) -> list[int]:
        return [node.id for node in self.nodes.values() if node.parent == equipment]

    def shifts(self, start: datetime, end: datetime) -> tuple[ShiftSpan, ...]:
        return shifts_of(self.calendar, self.zone, Window(start, end)) if self.calendar else ()

    def planned(self, start: datetime, end: datetime) -> list[Span]:
        """Planned time; without a calendar, all of it."""
        if self.calendar is None:
            return [(micros(start), micros(end))]
        return [(micros(span.start), micros(span.end)) for span in planned(self.shifts(start, end))]

    def gaps_of(self, tag: TagFact, end: int) -> list[Span]:
        """The gaps of a tag or of its connector; one that lasts goes on to `end`."""
        return [
            (micros(start), micros(until) if until is not None else end)
            for connector, tag_id, start, until in self.gaps
            if connector == tag.connector and tag_id in (None, tag.id)
        ]


async def site_facts(connection: Connection, site_id: int, since: datetime) -> SiteFacts:
    """`since`: gaps that ended before it are left out."""
    zone, calendar = await _one(connection, SITE, [site_id])
    nodes = {row[0]: Node(*row) for row in await _all(connection, EQUIPMENT, [site_id])}
    tags: dict[int, list[TagFact]] = {}
    for row in await _all(connection, TAGS, [site_id]):
        tags.setdefault(row[1], []).append(TagFact(*row))
    return SiteFacts(
        site_id,
        ZoneInfo(zone),
        Calendar.model_validate(calendar) if calendar else None,
        nodes,
        tags,
        product_names(await _all(connection, PRODUCTS, [site_id])),
        await _all(connection, GAPS, [site_id, since]),
        since,
    )


async def with_gaps(connection: Connection, site: SiteFacts, start: datetime) -> SiteFacts:
    """The site with its gaps from `start` on, which what lasts for days reaches back to."""
    if site.since is None or site.since <= start:
        return site
    return replace(site, gaps=await _all(connection, GAPS, [site.id, start]), since=start)


async def _all(connection: Connection, query: LiteralString, values: list[Any]) -> list[Any]:
    return await (await connection.execute(query, values)).fetchall()


async def _one(connection: Connection, query: LiteralString, values: list[Any]) -> Any:
    return await (await connection.execute(query, values)).fetchone()
