"""Who may see what of people: the plant's word (plant.yaml: `people`), and how a refusal is said."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.caller import Caller
from mom.errors import NotAllowed
from mom.people.groups import Shown, shown_groups
from mom.plant.schema import People
from mom.store.plants import Layout

MEMBERS = text("""
SELECT crew, array_agg(DISTINCT key) FROM persons
WHERE site_id = :site AND upper_inf(recorded) AND crew IS NOT NULL GROUP BY crew
""")


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


async def crews_shown(session: AsyncSession, layout: Layout, crews: Collection[str]) -> Shown:
    """Which of the plant's crews may be shown. Where no persons are on record nothing leads back to any: all may."""
    members = await members_of_crews(session, layout)
    if not members:
        return Shown(tuple(crews), {})
    return shown_groups({crew: members.get(crew, ()) for crew in crews}, policy_of(layout).group_of)


async def need_crew(session: AsyncSession, layout: Layout, crew: str) -> None:
    """Raises NotAllowed where the crew is too small, or would tell of another that is."""
    calendar = layout.plant.calendar if layout.plant else None
    crews = calendar.rotation.crews if calendar and calendar.rotation else (crew,)
    shown = await crews_shown(session, layout, crews)
    if crew not in shown.groups:
        why = shown.withheld.get(crew, f"there is no crew {crew}")
        raise NotAllowed(f"This is not shown by crew: {why}.", remedy="Ask for the shift, or for all crews together.")
