"""Products as rules need them: ideal rates by equipment, margin, material cost."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import ProductFact
from mom.store.plants import Layout
from mom.store.request import Request, Rows, fetch

PRODUCTS = text("""
SELECT key, name, margin, material_cost FROM products WHERE site_id = :site
  AND CASE WHEN CAST(:as_of AS timestamptz) IS NULL THEN upper_inf(recorded)
    ELSE recorded @> CAST(:as_of AS timestamptz) END
""")


async def products_of(session: AsyncSession, layout: Layout, as_of: datetime | None = None) -> dict[str, ProductFact]:
    """The site's products by id, as believed `as_of` (default: now). Rates and costs of the plant file count first."""
    return await fetch(session, products_wanted(layout, as_of))


def products_wanted(layout: Layout, as_of: datetime | None = None) -> Request[dict[str, ProductFact]]:
    def read(rows: Rows) -> dict[str, ProductFact]:
        found = {
            key: ProductFact(key, name, {}, margin or Decimal(0), cost or Decimal(0))
            for key, name, margin, cost in rows
        }
        for product in layout.plant.products if layout.plant else ():
            rates = _rates(layout, {f"{layout.site.code}/{path}": rate for path, rate in product.rates.items()})
            found[product.id] = ProductFact(product.id, product.name, rates, product.margin, product.material_cost)
        return found

    return Request(((PRODUCTS, {"site": layout.site.id, "as_of": as_of}),), read)


def _rates(layout: Layout, told: dict[str, float]) -> dict[str, float]:
    """A product's ideal rate at every machine: what the plant file tells; of a line, its constraint's. The line's
    other machines keep their speed against the constraint's, so theirs is scaled alike."""
    rates = dict(told)
    for line, rate in told.items():
        constraint = layout.constraint(line) if line in layout.machines else None
        if constraint is None:
            continue
        rates.setdefault(constraint.path, rate)
        for unit in layout.units(line):
            if unit.ideal_rate and constraint.ideal_rate:
                rates.setdefault(unit.path, unit.ideal_rate * rate / constraint.ideal_rate)
    return rates
