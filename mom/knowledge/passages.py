"""The texts worth finding again: past repairs, classified stops, notes, documents; each a passage naming its row."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import Document, Equipment, MaintenanceOrder, Note, Passage, Stop

LONGEST = 1_200
"""Characters of one passage: what the model reads of it."""
SHORTEST_STOP = timedelta(minutes=5)
AT_ONCE = 500


async def collect(session: AsyncSession, limit: int = AT_ONCE) -> int:
    """Write passages for rows that have none yet, in the caller's transaction; how many. Long documents come in parts."""
    rows = [row for query in (_repairs(), _notes(), _stops()) for row in await _read(session, query, limit)]
    rows += await _documents(session, limit)
    if rows:
        await session.execute(insert(Passage).on_conflict_do_nothing(), rows)
    return len(rows)


async def _read(session: AsyncSession, query: Select[Any], limit: int) -> list[dict[str, Any]]:
    found = (await session.execute(query.limit(limit))).mappings()
    return [{**row, "body": str(row["body"]).strip()[:LONGEST], "more": dict(row["more"])} for row in found]


def _missing(noun: str, table: Any) -> Any:
    subject = func.concat(f"{noun}:", cast(table.id, String))
    return ~exists().where(and_(Passage.site_id == table.site_id, Passage.subject == subject))


def _repairs() -> Select[Any]:
    order = MaintenanceOrder
    at = func.coalesce(order.ended_at, order.started_at, order.planned_at, order.reported_at)
    body = func.concat_ws(". ", order.title, order.part, order.failure_mode, func.nullif(order.text, ""))
    more = func.jsonb_build_object(
        "title", order.title, "part", order.part, "status", order.status, "hours", order.hours, "cost", order.cost
    )
    return select(
        order.site_id,
        func.concat("maintenance_order:", cast(order.id, String)).label("subject"),
        literal("repair").label("kind"),
        _path(order).label("equipment"),
        at.label("at"),
        body.label("body"),
        more.label("more"),
    ).where(func.upper_inf(order.recorded), _missing("maintenance_order", order))


def _notes() -> Select[Any]:
    return select(
        Note.site_id,
        func.concat("note:", cast(Note.id, String)).label("subject"),
        literal("note").label("kind"),
        _path(Note).label("equipment"),
        Note.at.label("at"),
        Note.text.label("body"),
        func.jsonb_build_object("title", func.left(Note.text, 80)).label("more"),
    ).where(func.upper_inf(Note.recorded), _missing("note", Note))


def _stops() -> Select[Any]:
    """Stops with a reason that lasted: the short ones are counted, not told."""
    seconds = func.extract("epoch", Stop.ended_at - Stop.started_at)
    return (
        select(
            Stop.site_id,
            func.concat("stop:", cast(Stop.id, String)).label("subject"),
            literal("stop").label("kind"),
            Equipment.path.label("equipment"),
            Stop.started_at.label("at"),
            func.concat(Equipment.name, " stopped: ", Stop.reason).label("body"),
            func.jsonb_build_object("title", func.concat("Stop: ", Stop.reason), "seconds", seconds).label("more"),
        )
        .join(Equipment, Equipment.id == Stop.equipment_id)
        .where(Stop.superseded_at.is_(None), Stop.reason != "", Stop.ended_at.is_not(None))
        .where(Stop.ended_at - Stop.started_at >= SHORTEST_STOP, _missing("stop", Stop))
    )


async def _documents(session: AsyncSession, limit: int) -> list[dict[str, Any]]:
    query = select(Document).where(func.upper_inf(Document.recorded), _missing("document", Document)).limit(limit // 10)
    rows = []
    for document in await session.scalars(query):
        for part, body in enumerate(parts(document.body)):
            rows.append(
                {
                    "site_id": document.site_id,
                    "subject": f"document:{document.id}",
                    "part": part,
                    "kind": "document",
                    "equipment": document.equipment,
                    "at": None,
                    "body": f"{document.title}. {body}",
                    "more": {"title": document.title},
                }
            )
    return rows


def parts(body: str, longest: int = LONGEST) -> list[str]:
    """A text cut at paragraphs into parts of at most `longest` characters; a longer paragraph is cut hard."""
    made: list[str] = []
    for paragraph in (p.strip() for p in body.split("\n\n")):
        while len(paragraph) > longest:
            made.append(paragraph[:longest])
            paragraph = paragraph[longest:]
        if made and len(made[-1]) + len(paragraph) + 2 <= longest:
            made[-1] = f"{made[-1]}\n\n{paragraph}"
        elif paragraph:
            made.append(paragraph)
    return made


def _path(table: Any) -> Any:
    """The equipment's path as the tree has it: other systems leave the site's code out."""
    with_site = func.concat(func.split_part(Equipment.path, "/", 1), "/", table.equipment)
    fits = or_(Equipment.path == table.equipment, Equipment.path == with_site)
    found = select(Equipment.path).where(Equipment.site_id == table.site_id, fits).limit(1)
    return func.coalesce(found.scalar_subquery(), table.equipment)
