"""Figures recomputed from the store's rows by code that shares nothing with the product's: plain SQL and sums."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom import words
from mom.facts import Window
from mom.history.calendar import shifts_of
from mom.plant.schema import Plant

Truth = Callable[[AsyncSession, Plant, str, Window], Awaitable[str | None]]
GOOD = """
SELECT COALESCE(sum(c.good) FILTER (WHERE e.is_constraint), 0)
  - COALESCE(sum(c.scrap) FILTER (WHERE e.position > (SELECT position FROM equipment WHERE path LIKE :below AND is_constraint)), 0)
FROM counts c JOIN equipment e ON e.id = c.equipment_id
WHERE e.path LIKE :below AND c.started_at >= :start AND c.started_at < :end
"""
SCRAP = """
SELECT COALESCE(sum(s.quantity), 0) FROM scrap_counts s JOIN counts c ON c.id = s.count_id JOIN equipment e ON e.id = c.equipment_id
WHERE (e.path = :path OR e.path LIKE :below) AND c.started_at >= :start AND c.started_at < :end
"""
WORST_SCRAP = """
SELECT s.reason FROM scrap_counts s JOIN counts c ON c.id = s.count_id JOIN equipment e ON e.id = c.equipment_id
WHERE (e.path = :path OR e.path LIKE :below) AND c.started_at >= :start AND c.started_at < :end
GROUP BY s.reason ORDER BY sum(s.quantity) DESC LIMIT 1
"""
STOPS = """
SELECT count(*), COALESCE(sum(extract(epoch FROM least(COALESCE(s.ended_at, :end), :end) - greatest(s.started_at, :start))), 0)
FROM stops s JOIN equipment e ON e.id = s.equipment_id
WHERE s.superseded_at IS NULL AND (e.path = :path OR e.path LIKE :below)
  AND s.started_at < :end AND COALESCE(s.ended_at, :end) > :start
"""
IDEAL = """
SELECT c.product, sum(c.produced), sum(c.good) FROM counts c JOIN equipment e ON e.id = c.equipment_id
WHERE e.path LIKE :below AND e.is_constraint AND c.started_at >= :start AND c.started_at < :end GROUP BY c.product
"""
BEHIND = """
SELECT COALESCE(sum(c.scrap), 0) FROM counts c JOIN equipment e ON e.id = c.equipment_id
WHERE e.path LIKE :below AND c.started_at >= :start AND c.started_at < :end
  AND e.position > (SELECT position FROM equipment WHERE path LIKE :below AND is_constraint)
"""
UNKNOWN = """
SELECT s.started_at, COALESCE(s.ended_at, :end) FROM state_intervals s JOIN equipment e ON e.id = s.equipment_id
WHERE e.path LIKE :below AND e.is_constraint AND s.superseded_at IS NULL AND s.state = 'Unknown'
  AND s.started_at < :end AND COALESCE(s.ended_at, :end) > :start
"""


def _values(path: str, window: Window) -> dict[str, Any]:
    return {"path": path, "below": f"{path}/%", "start": window.start, "end": window.end}


async def good(session: AsyncSession, plant: Plant, path: str, window: Window) -> str | None:
    """Good pieces of a line: what its constraint made, less what was scrapped behind it."""
    return words.number(await session.scalar(text(GOOD), _values(path, window)), 0)


async def scrap(session: AsyncSession, plant: Plant, path: str, window: Window) -> str | None:
    return words.number(await session.scalar(text(SCRAP), _values(path, window)), 0)


async def worst_scrap(session: AsyncSession, plant: Plant, path: str, window: Window) -> str | None:
    """The reason with the most pieces."""
    found: str | None = await session.scalar(text(WORST_SCRAP), _values(path, window))
    return found


async def stops(session: AsyncSession, plant: Plant, path: str, window: Window) -> str | None:
    count, seconds = (await session.execute(text(STOPS), _values(path, window))).one()
    return f"{count} stops, {words.duration(float(seconds))}"


async def oee(session: AsyncSession, plant: Plant, path: str, window: Window) -> str | None:
    """Ideal seconds of the good pieces over planned time, for a window without unknown time (else None: then it may be withheld)."""
    values = _values(path, window)
    if (await session.execute(text(UNKNOWN), values)).first():
        return None
    line = path.partition("/")[2]
    rates = {product.id: product.rates.get(line) for product in plant.products}
    rows = (await session.execute(text(IDEAL), values)).all()
    if any(rates.get(product) is None for product, _, _ in rows):
        return None
    made = sum(float(produced) for _, produced, _ in rows)
    fine = sum(float(n) for _, _, n in rows) - float(await session.scalar(text(BEHIND), values) or 0)
    ideal = sum(float(produced) * 60 / float(rates[product] or 1) for product, produced, _ in rows)
    busy = _planned(plant, window) - await _planned_stops(session, path, window)
    return words.percent(ideal * (fine / made) / busy) if made and busy else None


async def _planned_stops(session: AsyncSession, path: str, window: Window) -> float:
    query = text(
        STOPS.replace(
            "(e.path = :path OR e.path LIKE :below)",
            "e.path LIKE :below AND e.is_constraint AND s.reason LIKE 'planned%'",
        )
    )
    _, seconds = (await session.execute(query, _values(path, window))).one()
    return float(seconds)


def _planned(plant: Plant, window: Window) -> float:
    return sum(window.overlap(shift.start, shift.end) for shift in shifts_of(plant.calendar, plant.zone, window))


TRUTHS: dict[str, Truth] = {"good": good, "scrap": scrap, "worst_scrap": worst_scrap, "stops": stops, "oee": oee}
