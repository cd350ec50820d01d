"""What was measured of products, and what was found not to be right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import NotFound
from mom.facts import Window
from mom.models import InspectionResult, Nonconformance, QualityModel
from mom.quality.series import Measured
from mom.store.plants import Layout

MOVES = text("""
WITH mine AS (SELECT * FROM stock_moves
  WHERE site_id = :site AND upper_inf(recorded) AND to_equipment = ANY(CAST(:places AS text[])) AND at < :end),
  asked AS (SELECT * FROM mine WHERE at >= :start
    UNION ALL (SELECT DISTINCT ON (to_equipment, material) * FROM mine WHERE at < :start
      ORDER BY to_equipment, material, at DESC, id DESC))
SELECT m.id, m.lot, m.material, m.to_equipment, m."order", m.quantity, m.at, l.status, l.supplier
FROM asked m LEFT JOIN LATERAL (
  SELECT status, supplier FROM material_lots l WHERE l.site_id = m.site_id AND l.key = m.lot AND upper_inf(l.recorded)
  ORDER BY l.id DESC LIMIT 1) l ON true
ORDER BY m.at, m.id
""")
LATEST = text("SELECT max(id) FROM inspection_results WHERE site_id = :site")


@dataclass(frozen=True, slots=True)
class Move:
    """A lot was brought to a machine. `status`, `supplier`: of the lot, as it is now."""

    id: int
    lot: str
    material: str
    equipment: str  # path
    order: str | None
    quantity: float
    at: datetime
    status: str
    supplier: str


async def measured_in(
    session: AsyncSession, layout: Layout, window: Window | None = None, *, below: str | None = None
) -> list[Measured]:
    """Current results with a value, in order of time; `below`: of this equipment and what is below it."""
    row = InspectionResult
    query = select(row).where(row.site_id == layout.site.id, func.upper_inf(row.recorded), row.value.is_not(None))
    if window is not None:
        query = query.where(row.at >= window.start, row.at < window.end)
    found = [_measured(one, layout) for one in await session.scalars(query.order_by(row.at, row.id))]
    return [one for one in found if one.equipment and (below is None or f"{one.equipment}/".startswith(f"{below}/"))]


async def newest_result(session: AsyncSession, site_id: int) -> int:
    """The id of the site's last stored result, 0: none."""
    return int(await session.scalar(LATEST, {"site": site_id}) or 0)


async def moves_to(session: AsyncSession, layout: Layout, paths: Sequence[str], window: Window) -> list[Move]:
    """Material that was brought to these machines in the window, and what was on them when it began, in order."""
    places = [name for path in paths for name in (path, path.removeprefix(f"{layout.site.code}/"))]
    given = {"site": layout.site.id, "places": places, "start": window.start, "end": window.end}
    found = await session.execute(MOVES, given)
    return [
        Move(id, lot, material, whole(layout, place), order, quantity, at, status or "", supplier or "")
        for id, lot, material, place, order, quantity, at, status, supplier in found.all()
    ]


async def nonconformances_of(session: AsyncSession, site_id: int, limit: int = 200) -> list[Nonconformance]:
    """The newest first."""
    row = Nonconformance
    query = (
        select(row).where(row.site_id == site_id, func.upper_inf(row.recorded)).order_by(row.at.desc(), row.id.desc())
    )
    return list(await session.scalars(query.limit(limit)))


async def nonconformance_of(session: AsyncSession, site_id: int, number: int) -> Nonconformance:
    """Raises NotFound."""
    row = await session.get(Nonconformance, number)
    if row is None or row.site_id != site_id:
        raise NotFound(
            f"There is no nonconformance {number}.", remedy="Take a `ref` that list_nonconformances returned."
        )
    return row


async def models_of(session: AsyncSession, site_id: int, below: str) -> list[QualityModel]:
    """What was last learned of quality: what has a driver first, then what hangs on a product, lot, crew or shift most."""
    row = QualityModel
    query = select(row).where(row.site_id == site_id, row.superseded_at.is_(None)).order_by(row.equipment, row.response)
    here = [model for model in await session.scalars(query) if f"{model.equipment}/".startswith(f"{below}/")]
    return sorted(here, key=lambda model: (not model.told, -_strongest(model), -model.skill))


def _strongest(model: QualityModel) -> float:
    return max((float(factor["share"]) for factor in model.body["factors"]), default=0.0)


def whole(layout: Layout, name: str) -> str:
    """A path as other systems may write it: with the site's code or without."""
    return name if name in layout.machines else f"{layout.site.code}/{name}"


def _measured(row: InspectionResult, layout: Layout) -> Measured:
    return Measured(
        row.id, row.key, whole(layout, row.equipment) if row.equipment else "", row.characteristic, row.value or 0.0,
        row.unit, row.at, row.product, row.order, row.lot, row.low, row.high,
    )  # fmt: skip
