"""Who may see what of people: the plant's word (plant.yaml: `people`), and how a refusal is said."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.caller import Caller
from mom.errors import NotAllowed
from mom.facts import Window
from mom.people.groups import Shown
from mom.people.over_time import Member, shown_in, stretches
from mom.plant.schema import People
from mom.store.plants import Layout

MEMBERS = text("""
SELECT crew, array_agg(DISTINCT key) FROM persons
WHERE site_id = :site AND upper_inf(recorded) AND crew IS NOT NULL GROUP BY crew
""")


MEMBERSHIPS = text("""
WITH told AS (
  SELECT id, source, key, crew, recorded, valid, coalesce(lower(valid), lower(recorded)) AS since
  FROM persons WHERE site_id = :site AND NOT isempty(recorded)
), followed AS (
  SELECT *, min(since) OVER later AS later, lead(lower(recorded)) OVER versions <= upper(recorded) AS replaced
  FROM told WINDOW versions AS (PARTITION BY source, key ORDER BY lower(recorded), id),
    later AS (versions ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
)
SELECT key, crew, since, least(upper(valid), later, CASE WHEN replaced THEN NULL ELSE upper(recorded) END)
FROM followed
WHERE crew IS NOT NULL AND NOT isempty(valid) AND (later IS NULL OR since IS NULL OR since < later)
""")
"""Of each person's versions: each holds until a later one begins; one from whose beginning a later one holds was mended."""
FIRST = timedelta(days=1)
"""A list of persons is told first within this time."""


def policy_of(layout: Layout) -> People:
    return layout.plant.people if layout.plant else People()


def need_persons(layout: Layout, caller: Caller) -> None:
    """Raises NotAllowed unless the plant lets one of the caller's roles see single persons. An admin is no exception."""
    roles = policy_of(layout).visible_to
    if caller.roles & set(roles):
        return
    who = f"only {' and '.join(roles)} may" if roles else "nobody may"
    raise NotAllowed(
        f"Figures of single persons are not shown: in this plant {who} see them.",
        remedy="Ask for crews; who may see persons is decided in the plant file (people: visible_to).",
    )


async def members_of_crews(session: AsyncSession, layout: Layout) -> dict[str, frozenset[str]]:
    """Who is in which crew, as the systems have it. Empty: no persons are on record."""
    rows = await session.execute(MEMBERS, {"site": layout.site.id})
    return {crew: frozenset(keys) for crew, keys in rows}


async def memberships(session: AsyncSession, layout: Layout) -> list[Member]:
    """Who was in which crew when, by the day. Whom the first telling named was there before it."""
    rows = (await session.execute(MEMBERSHIPS, {"site": layout.site.id})).all()
    starts = [since for _, _, since, _ in rows if since is not None]
    first = min(starts) + FIRST if starts else None
    return [
        Member(
            person,
            crew,
            None if since is None or (first and since <= first) else _day(layout, since),
            None if until is None else _day(layout, until),
        )
        for person, crew, since, until in rows
    ]


def _day(layout: Layout, at: datetime) -> datetime:
    """Changes of one day are one change: whoever keeps the list may write it line by line. In the plant's time: a refusal
    says the date."""
    local = at.astimezone(layout.zone)
    return datetime(local.year, local.month, local.day, tzinfo=layout.zone)


async def crews_shown(
    session: AsyncSession, layout: Layout, crews: Collection[str], window: Window | None = None
) -> Shown:
    """Which of the plant's crews may be shown over a window; None: as they are now. Where no persons are on record nothing
    leads back to any: all may."""
    members = await memberships(session, layout)
    if not members:
        return Shown(tuple(crews), {})
    found = stretches(members, crews, policy_of(layout).group_of)
    if window is not None:
        return shown_in(found, crews, window)
    return Shown(found[-1].shown, found[-1].why)


async def need_crew(session: AsyncSession, layout: Layout, crew: str, *windows: Window) -> None:
    """Raises NotAllowed where the crew is too small in one of the windows, or would tell of others that are."""
    calendar = layout.plant.calendar if layout.plant else None
    crews = calendar.rotation.crews if calendar and calendar.rotation else (crew,)
    for window in windows or (None,):
        shown = await crews_shown(session, layout, crews, window)
        if crew not in shown.groups:
            why = shown.withheld.get(crew, f"there is no crew {crew}")
            raise NotAllowed(
                f"This is not shown by crew: {why}.", remedy="Ask for the shift, or for all crews together."
            )
