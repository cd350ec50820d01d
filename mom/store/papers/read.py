"""All papers of one piece of equipment, and from when on each system told anything of it."""

from datetime import datetime

from mom.papers import Papers
from mom.store.papers.asked import AskedPapers
from mom.store.papers.energy import energy_in
from mom.store.papers.maintenance import work_in
from mom.store.papers.material import bookings_in, issues_in, stock_in
from mom.store.papers.orders import orders_in, planned_scrap_in
from mom.store.papers.people import TRADES, people_in, team_in
from mom.store.papers.quality import samples_in, values_in

SINCE = """
SELECT t.what, min(t.at), bool_or({below}) FROM (
  SELECT 'people' AS what, site_id, equipment, min(started_at) AS at FROM personnel_times
    WHERE coalesce(trade, '') NOT IN ({trades}) GROUP BY 1, 2, 3
  UNION ALL SELECT 'worked', site_id, equipment, min(started_at) FROM personnel_times
    WHERE kind = 'work' AND coalesce(trade, '') NOT IN ({trades}) GROUP BY 1, 2, 3
  UNION ALL SELECT 'team', site_id, :path, min(started_at) FROM personnel_times
    WHERE trade IN ({trades}) GROUP BY 1, 2, 3
  UNION ALL SELECT 'orders', site_id, line, min(least(lower(recorded), release_at, due_at)) FROM production_orders GROUP BY 1, 2, 3
  UNION ALL SELECT 'quality', site_id, equipment, min(at) FROM inspection_results GROUP BY 1, 2, 3
  UNION ALL SELECT 'maintenance', site_id, :path, min(coalesce(reported_at, started_at, planned_at)) FROM maintenance_orders
    GROUP BY 1, 2, 3
  UNION ALL SELECT 'material', site_id, equipment, min(at) FROM material_bookings GROUP BY 1, 2, 3
  UNION ALL SELECT 'stock', site_id, equipment, min(at) FROM stock_levels GROUP BY 1, 2, 3) t
WHERE t.site_id = :site AND t.at IS NOT NULL AND ({below} OR starts_with(:path, t.equipment || '/'))
GROUP BY t.what, {below}
"""


async def papers_of(asked: AskedPapers, name: str) -> Papers:
    """What other systems told of `asked.path` in its window."""
    since: dict[str, datetime] = {}
    elsewhere: dict[str, str] = {}
    for what, at, here in await asked.rows(SINCE.replace("{trades}", TRADES)):
        if here:
            since[what] = at
        else:
            elsewhere[what] = asked.path.rpartition("/")[0]
    energy, metered = await energy_in(asked)
    if metered is not None:
        since["energy"] = metered
    return Papers(
        asked.window,
        asked.now,
        name,
        people=await people_in(asked),
        team=await team_in(asked),
        orders=await orders_in(asked),
        samples=await samples_in(asked),
        values=await values_in(asked),
        work=await work_in(asked),
        bookings=await bookings_in(asked),
        issues=await issues_in(asked),
        stock=await stock_in(asked),
        energy=energy,
        planned_scrap=await planned_scrap_in(asked),
        since=since,
        elsewhere=elsewhere,
    )
