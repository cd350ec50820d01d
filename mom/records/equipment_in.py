"""Equipment that a system lists: made where new; what a plant file says of it is left alone."""

from collections.abc import Sequence

import psycopg

from mom.plant.schema import Level
from mom.records.equipment_book import EquipmentBook
from mom.records.row import Row
from mom.records.unmappable import Unmappable
from mom.records.versions import Stored

CHANGE = """
    UPDATE equipment SET name = %(name)s, level = %(level)s, ideal_rate = %(ideal_rate)s, aliases = %(aliases)s
    WHERE id = %(id)s AND (name, level, ideal_rate, aliases) IS DISTINCT FROM
        (%(name)s, %(level)s, %(ideal_rate)s::float8, %(aliases)s::text[])
"""


async def store_equipment(connection: psycopg.AsyncConnection, book: EquipmentBook, rows: Sequence[Row]) -> Stored:
    """Write `rows` in the caller's transaction, and let `book` know them."""
    new = changed = 0
    for row in rows:
        values = row.values
        known = book.find(values["code"], "code")
        if known is None:
            known = await book.create(connection, values["code"], Level(values["level"]), "code")
            new += 1
            await _change(connection, known.id, row)
        else:
            changed += await _change(connection, known.id, row)
    await book.read(connection)
    return Stored(new + changed, changed, len(rows) - new - changed)


async def _change(connection: psycopg.AsyncConnection, identity: int, row: Row) -> int:
    values = row.values
    wanted = {
        "id": identity,
        "name": values.get("name") or values["code"],
        "level": values["level"],
        "ideal_rate": values.get("ideal_rate"),
        "aliases": values.get("aliases", []),
    }
    return (await connection.execute(CHANGE, wanted)).rowcount


def check_level(row: Row, default: Level) -> None:
    """Raises Unmappable for a level that ISA-95 does not have."""
    level = row.values.setdefault("level", default.value)
    if level not in set(Level):
        raise Unmappable("level", f"{level!r}: expected one of {', '.join(Level)}")
