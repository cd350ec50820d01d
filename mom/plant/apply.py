"""Write a plant file into the store: site, equipment, tags, products. Again changes nothing."""

import hashlib
from dataclasses import dataclass
from typing import Any

import rfc8785
from psycopg.types.range import Range
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import Equipment, Product, Site, Tag
from mom.plant.schema import Connector, Plant
from mom.plant.schema import Equipment as EquipmentBlock
from mom.plant.schema import Product as ProductBlock
from mom.plant.schema import Tag as TagBlock
from mom.plant.tree import equipment_of

SOURCE = "plant"
_LOCK = 0x504C414E54


@dataclass(frozen=True, slots=True)
class Applied:
    """The ids: equipment by its path below the site, tags by name (with their equipment's id)."""

    site_id: int
    equipment: dict[str, int]
    tags: dict[str, tuple[int, int]]


async def apply_plant(session: AsyncSession, plant: Plant) -> Applied:
    """Make the store's rows say what the plant file says; the caller commits. Safe from several processes at once."""
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    site_id = await _site(session, plant)
    equipment = await _equipment(session, plant, site_id)
    tags = await _tags(session, plant, site_id, equipment)
    await _products(session, plant, site_id)
    return Applied(site_id, equipment, tags)


async def _site(session: AsyncSession, plant: Plant) -> int:
    row = {
        "code": plant.site.id,
        "name": plant.site.name,
        "time_zone": plant.time_zone,
        "currency": plant.currency,
        "plant": plant.model_dump(mode="json", by_alias=True),
    }
    return int((await _upsert(session, Site, row, ["code"], Site.id))[0])


async def _equipment(session: AsyncSession, plant: Plant, site_id: int) -> dict[str, int]:
    ids: dict[str, int] = {}
    nodes = equipment_of(plant)
    for position, (path, node) in enumerate(nodes.items()):
        above = path.rpartition("/")[0]
        row = {
            "site_id": site_id,
            "parent_id": ids.get(above),
            "path": f"{plant.site.id}/{path}",
            "position": position,
            "is_constraint": above in nodes and nodes[above].constraint == node.id,
            **_equipment_columns(node),
        }
        ids[path] = int((await _upsert(session, Equipment, row, ["site_id", "path"], Equipment.id))[0])
    await _retire(session, Equipment, site_id, set(ids.values()))
    return ids


def _equipment_columns(node: EquipmentBlock) -> dict[str, Any]:
    return {
        "code": node.id,
        "name": node.name,
        "level": node.level.value,
        "ideal_rate": node.ideal_rate,
        "buffer_after": node.buffer_after,
        "aliases": list(node.aliases),
        "parts": list(node.parts),
        "active": True,
    }


async def _tags(
    session: AsyncSession, plant: Plant, site_id: int, equipment: dict[str, int]
) -> dict[str, tuple[int, int]]:
    tags: dict[str, tuple[int, int]] = {}
    for connector in plant.connectors:
        for tag in connector.tags:
            row = _tag_columns(connector, tag) | {"site_id": site_id, "equipment_id": equipment[tag.equipment]}
            found = await _upsert(session, Tag, row, ["site_id", "name"], Tag.id, Tag.equipment_id)
            tags[tag.id] = (int(found[0]), int(found[1]))
    await _retire(session, Tag, site_id, {tag_id for tag_id, _ in tags.values()})
    return tags


def _tag_columns(connector: Connector, tag: TagBlock) -> dict[str, Any]:
    return {
        "name": tag.id,
        "title": tag.name,
        "connector": connector.id,
        "meaning": tag.meaning.value,
        "unit": tag.unit,
        "config": tag.model_dump(mode="json"),
        "active": True,
    }


async def _retire(session: AsyncSession, model: type[Equipment] | type[Tag], site_id: int, kept: set[int]) -> None:
    """What the file no longer names is kept with its history, marked as gone."""
    gone = update(model).where(model.site_id == site_id, model.active, model.id.not_in(kept))
    await session.execute(gone.values(active=False))


async def _products(session: AsyncSession, plant: Plant, site_id: int) -> None:
    current = select(Product.key, Product.digest).where(
        Product.site_id == site_id, Product.source == SOURCE, func.upper_inf(Product.recorded)
    )
    known = {row.key: row.digest for row in (await session.execute(current)).all()}
    named = {product.id: product for product in plant.products}
    changed = [p for p in plant.products if known.get(p.id) != _digest(p)]
    closed = [key for key in known if key not in named or known[key] != _digest(named[key])]
    if closed:
        await session.execute(
            update(Product)
            .where(Product.site_id == site_id, Product.source == SOURCE, func.upper_inf(Product.recorded))
            .where(Product.key.in_(closed))
            .values(recorded=text("tstzrange(lower(recorded), now())"))
        )
    session.add_all(_product_row(site_id, product) for product in changed)
    await session.flush()


def _product_row(site_id: int, product: ProductBlock) -> Product:
    return Product(
        site_id=site_id,
        source=SOURCE,
        key=product.id,
        digest=_digest(product),
        name=product.name,
        unit=product.unit,
        code=product.code,
        margin=product.margin,
        material_cost=product.material_cost,
        aliases=list(product.aliases),
        valid=Range(None, None),
    )


def _digest(product: ProductBlock) -> str:
    return hashlib.sha256(rfc8785.dumps(product.model_dump(mode="json"))).hexdigest()


async def _upsert(session: AsyncSession, model: Any, row: dict[str, Any], key: list[str], *wanted: Any) -> Any:
    """Insert or update by `key`; the `wanted` columns of the row. A row that says the same already is not touched."""
    statement = insert(model).values(row)
    changes = {name: statement.excluded[name] for name in row if name not in key}
    different = [getattr(model, name).is_distinct_from(value) for name, value in changes.items()]
    where = different[0]
    for other in different[1:]:
        where = where | other
    upsert = statement.on_conflict_do_update(index_elements=key, set_=changes, where=where).returning(*wanted)
    found = (await session.execute(upsert)).one_or_none()
    if found is None:
        same = [getattr(model, name) == row[name] for name in key]
        found = (await session.execute(select(*wanted).where(*same))).one()
    return found
