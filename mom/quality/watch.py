"""Watch the charts of a site as results come: a confirmed signal opens a nonconformance, once."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.database.access import Store
from mom.events import emit
from mom.facts import Window
from mom.models import Nonconformance, Site
from mom.quality.charted import LOOK_BACK, rules_of
from mom.quality.rules import RULES
from mom.quality.series import Series, series_of
from mom.quality.watched import Episode, watched
from mom.store.plants import Layout, layout_of
from mom.store.quality import measured_in, newest_result
from mom.words import number

SOURCE = "lineside"
LOCK = 0x5143
PAST = timedelta(days=35)
"""What was over before that is not opened any more: its phase I has moved on since."""
FRESH = timedelta(days=1)
"""Nobody is told of what was out of control longer ago: it belongs to a past that was loaded."""


class Watch:
    """Looks at a site again when it has results that were not there the last time."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    async def step(self, store: Store, now: datetime) -> bool:
        """One site with new results. Several processes may be at it: a lock of the site lets one in."""
        async with store.read() as session:
            sites = list(await session.scalars(select(Site.id).order_by(Site.id)))
            newest = {site: await newest_result(session, site) for site in sites}
        site_id = next((site for site, last in newest.items() if last > self._seen.get(site, 0)), None)
        if site_id is None:
            return False
        async with store.write.begin() as session:
            if not await session.scalar(select(func.pg_try_advisory_xact_lock(LOCK, site_id))):
                return False
            await open_new(session, site_id, now)
        self._seen[site_id] = newest[site_id]
        return True


async def open_new(session: AsyncSession, site_id: int, now: datetime) -> list[int]:
    """Open what has no nonconformance yet; the ids of those opened. The caller commits. Again changes nothing."""
    layout = await layout_of(session, site_id)
    known = await _known(session, site_id)
    found = [
        (series, episode)
        for series in series_of(await measured_in(session, layout, Window(now - LOOK_BACK, now + timedelta(seconds=1))))
        for episode in watched(series, rules_of(layout)).episodes
        if episode.confirmed is not None
        and series.results[episode.last].at >= now - PAST
        and not known.get(series.key, set()) & _keys(series, episode)
    ]
    return [await _open(session, layout, series, episode, now) for series, episode in found]


async def _known(session: AsyncSession, site_id: int) -> dict[str, set[str]]:
    """By series, the results at which a nonconformance was opened: also those that a person has closed."""
    row = Nonconformance
    query = select(row.more).where(row.site_id == site_id, row.source == SOURCE, func.upper_inf(row.recorded))
    known: dict[str, set[str]] = {}
    for more in await session.scalars(query):
        known.setdefault(str(more.get("series", "")), set()).add(str(more.get("result", "")))
    return known


def _keys(series: Series, episode: Episode) -> set[str]:
    """All results of the episode: late ones may move its beginning, and it stays the same."""
    return {r.key for r in series.results[episode.first : episode.last + 1]}


async def _open(session: AsyncSession, layout: Layout, series: Series, episode: Episode, now: datetime) -> int:
    first = series.results[episode.first]
    sure = series.results[episode.first if episode.confirmed is None else episode.confirmed]
    good = series.results[episode.good] if episode.good is not None else series.results[0]
    row = Nonconformance(
        site_id=layout.site.id,
        source=SOURCE,
        key=f"{series.key} {first.key}",
        equipment=series.equipment,
        product=first.product,
        lot=first.lot,
        text=said(layout, series, episode),
        at=sure.at,
        more={
            "series": series.key,
            "characteristic": series.characteristic,
            "result": first.key,
            "rules": list(episode.rules),
            "first_at": first.at.isoformat(),
            "good_at": good.at.isoformat(),
            "evidence": [f"inspection_result:{r.id}" for r in series.results[episode.first : episode.last + 1]][:12],
        },
    )
    session.add(row)
    await session.flush()
    if sure.at >= now - FRESH:
        body = {"text": row.text, "equipment": row.equipment, "characteristic": series.characteristic}
        await emit(session, layout.site.id, "nonconformance.opened", f"nonconformance:{row.id}", body)
    return row.id


def said(layout: Layout, series: Series, episode: Episode) -> str:
    """`Opening torque at Capper 2 is out of control: 1.21 Nm, a point beyond 3 sigma.`"""
    machine = layout.machines.get(series.equipment)
    at = series.results[episode.first if episode.confirmed is None else episode.confirmed]
    rules = "; ".join(RULES[n].says for n in episode.rules[:2])
    beyond = ", beyond its limits" if at.outside else ""
    name = machine.name if machine else series.equipment
    value = f"{number(at.value, 2)} {series.unit}".strip()
    return f"{series.characteristic[:1].upper()}{series.characteristic[1:]} at {name} is out of control: {value}{beyond}; {rules}."
