"""Corrections that people made: those that hold, and all of them as a list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import NotFound
from mom.facts import ClassSpan, Window
from mom.models import Correction, Equipment
from mom.store.request import Request, Rows
from mom.store.states import Paths

CLASSES = text("""
SELECT equipment_id, id, started_at, ended_at, value ->> 'class' FROM corrections
WHERE equipment_id = ANY(CAST(:ids AS int[])) AND kind = 'time_class' AND started_at < :end AND ended_at > :start
  AND (withdrawn_at IS NULL OR withdrawn_at > CAST(:as_of AS timestamptz))
  AND (CAST(:as_of AS timestamptz) IS NULL OR created_at <= CAST(:as_of AS timestamptz))
ORDER BY id
""")


def classes_wanted(
    ids: Paths, window: Window, as_of: datetime | None = None
) -> Request[dict[str, tuple[ClassSpan, ...]]]:
    """What people said of stretches that touch `window`, by path, in the order in which they said it."""

    def read(rows: Rows) -> dict[str, tuple[ClassSpan, ...]]:
        found: dict[str, list[ClassSpan]] = {}
        for machine, id, start, end, kind in rows:
            found.setdefault(ids[machine], []).append(ClassSpan(id, start, end, ids[machine], kind))
        return {path: tuple(spans) for path, spans in found.items()}

    values = {"ids": list(ids), "start": window.start, "end": window.end, "as_of": as_of}
    return Request(((CLASSES, values),), read)


async def corrections_of(
    session: AsyncSession, site_id: int, path: str | None = None, *, as_of: datetime | None = None, most: int = 200
) -> Sequence[tuple[Correction, Equipment]]:
    """Newest first, the withdrawn ones too; of `path` and what lies below it. `as_of`: those that were known then."""
    query = select(Correction, Equipment).join(Equipment, Equipment.id == Correction.equipment_id)
    query = query.where(Correction.site_id == site_id)
    if path is not None:
        query = query.where(or_(Equipment.path == path, func.starts_with(Equipment.path, f"{path}/")))
    if as_of is not None:
        query = query.where(Correction.created_at <= as_of)
    rows = await session.execute(query.order_by(Correction.id.desc()).limit(most))
    return [(row[0], row[1]) for row in rows]


async def correction_of(session: AsyncSession, site_id: int, id: int) -> tuple[Correction, Equipment]:
    """Raises NotFound."""
    query = select(Correction, Equipment).join(Equipment, Equipment.id == Correction.equipment_id)
    row = (await session.execute(query.where(Correction.id == id, Correction.site_id == site_id))).first()
    if row is None:
        raise NotFound(f"There is no correction {id} here.", remedy="`lineside correct list` tells those there are.")
    return row[0], row[1]


def as_json(correction: Correction, equipment: Equipment) -> dict[str, Any]:
    """One correction as API, tools and commands show it."""
    times = {name: getattr(correction, name) for name in ("started_at", "ended_at", "created_at", "withdrawn_at")}
    return {
        "id": correction.id,
        "ref": f"correction:{correction.id}",
        "equipment": equipment.path,
        "name": equipment.name,
        "kind": correction.kind,
        "said": correction.value,
        "before": correction.said_before,
        "subject": correction.subject,
        "why": correction.why,
        "by": correction.by_name,
        **{name: at.isoformat() if at else None for name, at in times.items()},
        "withdrawn_by": correction.withdrawn_by,
        "withdrawn_why": correction.withdrawn_why,
    }
