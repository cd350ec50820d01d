"""The equipment of a site by every name that a source may use for it."""

from dataclasses import dataclass

import psycopg

from mom.plant.schema import Level
from mom.records.sites import SiteRow
from mom.records.unmappable import Unmappable

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Known:
    id: int
    path: str


class EquipmentBook:
    """Finds equipment by path, code, name or alias; makes what is new when the mapping allows it."""

    def __init__(self, site: SiteRow) -> None:
        self.site = site
        self._by_name: dict[str, set[Known]] = {}

    async def read(self, connection: psycopg.AsyncConnection) -> "EquipmentBook":
        cursor = await connection.execute(
            "SELECT id, path, code, name, aliases FROM equipment WHERE site_id = %s", [self.site.id]
        )
        self._by_name.clear()
        async for identity, path, code, name, aliases in cursor:
            self._note(Known(identity, path), path, path.partition("/")[2], code, name, *aliases)
        return self

    def _note(self, known: Known, *names: str) -> None:
        for name in names:
            if name:
                self._by_name.setdefault(name.casefold(), set()).add(known)

    def find(self, name: str, field: str = "equipment") -> Known | None:
        """Raises Unmappable when the name fits several."""
        found = self._by_name.get(name.casefold(), set())
        if len(found) > 1:
            paths = ", ".join(sorted(known.path for known in found))
            raise Unmappable(field, f"{name!r} may be {paths}; expected a name that fits one")
        return next(iter(found), None)

    def need(self, name: str, field: str = "equipment") -> Known:
        found = self.find(name, field)
        if found is None:
            raise Unmappable(field, f"there is no equipment {name!r} at {self.site.code}; add it or correct the name")
        return found

    async def create(self, connection: psycopg.AsyncConnection, name: str, level: Level, field: str) -> Known:
        """A new one below the site. Raises Unmappable when the name cannot be a code."""
        code = name.strip()
        if "/" in code or len(code) > LONGEST or not code.isprintable():
            raise Unmappable(field, f"{name[:40]!r}: expected a short name without / for new equipment")
        path = f"{self.site.code}/{code}"
        cursor = await connection.execute(
            "INSERT INTO equipment (site_id, path, code, name, level) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (site_id, path) DO UPDATE SET code = excluded.code RETURNING id",
            [self.site.id, path, code, code, level.value],
        )
        row = await cursor.fetchone()
        assert row is not None
        known = Known(row[0], path)
        self._note(known, path, code)
        return known
