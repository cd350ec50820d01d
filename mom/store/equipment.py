"""Find equipment by what people call it."""

from collections.abc import Sequence
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import BadInput, NotFound
from mom.models import Equipment, Site


async def find_equipment(session: AsyncSession, text: str, site_id: int | None = None) -> Equipment:
    """The one piece of equipment named `text`: its path, code, name or an alias, in any case.

    A path may leave out the site's code. NotFound names near matches; BadInput names the several that fit.
    """
    nodes = await equipment_of(session, site_id)
    wanted = text.strip().strip("/").casefold()
    for names in (_paths, _names):
        found = [node for node in nodes if wanted in names(node)]
        if len(found) == 1:
            return found[0]
        if found:
            paths = ", ".join(sorted(node.path for node in found))
            raise BadInput(f"Equipment {text!r} fits {len(found)}: {paths}.", remedy="Name one of these paths.")
    raise NotFound(f"There is no equipment {text!r}.", remedy=_near(wanted, nodes))


async def equipment_of(session: AsyncSession, site_id: int | None = None) -> list[Equipment]:
    """All active equipment (of one site), parents before children, in the line's order."""
    query = select(Equipment).where(Equipment.active).order_by(Equipment.site_id, Equipment.path)
    if site_id is not None:
        query = query.where(Equipment.site_id == site_id)
    return list(await session.scalars(query))


async def site_of(session: AsyncSession, site_id: int) -> Site:
    """Raises NotFound."""
    site = await session.get(Site, site_id)
    if site is None:
        raise NotFound(f"There is no site {site_id}.")
    return site


def _paths(node: Equipment) -> set[str]:
    path = node.path.casefold()
    return {path, path.split("/", 1)[-1]}


def _names(node: Equipment) -> set[str]:
    return {name.casefold() for name in (node.code, node.name, *node.aliases)}


def _near(wanted: str, nodes: Sequence[Equipment]) -> str:
    by_name = {name: node.path for node in nodes for name in (*_paths(node), *_names(node))}
    near = list(dict.fromkeys(by_name[name] for name in get_close_matches(wanted, by_name, 5, 0.55)))
    if near:
        return f"Did you mean {' or '.join(near[:3])}?"
    tops = sorted(node.path for node in nodes)[:6]
    return f"There are {', '.join(tops)}{' …' if len(nodes) > 6 else ''}." if tops else "No equipment is known yet."
