"""The product, order, shift or crew that a figure was asked for, by what people call it."""

from collections.abc import Mapping
from difflib import get_close_matches

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import BadInput, NotFound
from mom.facts import Window
from mom.kpis.scope import WHOLE, Scope
from mom.people.policy import need_crew
from mom.store.plants import Layout

PRODUCTS = text("SELECT DISTINCT key, name, aliases FROM products WHERE site_id = :site AND upper_inf(recorded)")
RAN = text("""
SELECT EXISTS (SELECT FROM runs WHERE site_id = :site AND "order" = :order AND superseded_at IS NULL)
  OR EXISTS (SELECT FROM counts WHERE site_id = :site AND "order" = :order)
  OR EXISTS (SELECT FROM production_orders WHERE site_id = :site AND key = :order)
""")


async def scope_named(
    session: AsyncSession,
    layout: Layout,
    *,
    product: str | None = None,
    order: str | None = None,
    shift: str | None = None,
    crew: str | None = None,
    window: Window | None = None,
) -> Scope:
    """Names in any case; a product also by its name or alias. Raises NotFound naming what there is, BadInput,
    NotAllowed (a crew that is not to be shown, in `window` or, without one, now)."""
    if not (product or order or shift or crew):
        return WHOLE
    calendar = layout.plant.calendar if layout.plant else None
    crews = calendar.rotation.crews if calendar and calendar.rotation else ()
    shifts = [one.name for one in calendar.shifts] if calendar else []
    if (shift or crew) and not shifts:
        raise BadInput("This plant has no calendar: its shifts are not known.", remedy="Ask for a window instead.")
    named = _one("crew", crew.removeprefix("crew "), {name: name for name in crews}) if crew else None
    if named:
        await need_crew(session, layout, named, *([window] if window else []))
    return Scope(
        await _product(session, layout, product) if product else None,
        await _order(session, layout, order) if order else None,
        _one("shift", shift, {name: name for name in shifts}) if shift else None,
        named,
    )


async def _product(session: AsyncSession, layout: Layout, given: str) -> str:
    names: dict[str, str] = {}
    for key, name, aliases in await session.execute(PRODUCTS, {"site": layout.site.id}):
        names |= dict.fromkeys((key, name, *(aliases or ())), key)
    for one in layout.plant.products if layout.plant else ():
        names |= dict.fromkeys((one.id, one.name, *one.aliases), one.id)
    return _one("product", given, names)


async def _order(session: AsyncSession, layout: Layout, given: str) -> str:
    if not await session.scalar(RAN, {"site": layout.site.id, "order": given.strip()}):
        raise NotFound(f"There is no order {given!r}.", remedy="Give its number as the ERP has it.")
    return given.strip()


def _one(what: str, given: str, names: Mapping[str, str]) -> str:
    """The id of what is called so, in any case."""
    by_name = {name.casefold(): key for name, key in names.items()}
    wanted = given.strip().casefold()
    if wanted in by_name:
        return by_name[wanted]
    near = dict.fromkeys(by_name[name] for name in get_close_matches(wanted, by_name, 3, 0.5))
    known = ", ".join(sorted(set(names.values()))[:12]) or "none"
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {known}."
    raise NotFound(f"There is no {what} {given!r}.", remedy=hint)
