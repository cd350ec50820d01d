"""What a reader of papers is asked for, and the SQL that all of them share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window

BELOW = "(t.{column} = :path OR starts_with(t.{column}, :below))"
CURRENT = """t.site_id = :site AND (CASE WHEN CAST(:as_of AS timestamptz) IS NULL THEN upper_inf(t.recorded)
  ELSE t.recorded @> CAST(:as_of AS timestamptz) END)"""
"""The version of a record that is believed, or was `as_of`."""


@dataclass(frozen=True, slots=True)
class AskedPapers:
    """Of `path` and all below it. `windows`: the parts of the window in the scope; `shifts`: in its shift and crew,
    whatever was made. `counters`: ids of the machines whose pieces count."""

    session: AsyncSession
    site_id: int
    path: str
    window: Window
    now: datetime
    windows: Sequence[Window]
    shifts: Sequence[Window]
    counters: Sequence[int] = ()
    product: str | None = None
    order: str | None = None
    as_of: datetime | None = None

    async def rows(self, query: str, column: str = "equipment") -> list[Any]:
        """`query` with `{current}` and `{below}` filled in, and the values :start, :end, :now."""
        sql = query.replace("{current}", CURRENT).replace("{below}", BELOW.format(column=column))
        values = {"site": self.site_id, "path": self.path, "below": f"{self.path}/", "as_of": self.as_of}
        values |= {"start": self.window.start, "end": self.window.end, "now": self.now}
        values |= {"starts": [w.start for w in self.shifts], "ends": [w.end for w in self.shifts]}
        values |= {"on": [w.start for w in self.windows], "off": [w.end for w in self.windows]}
        values |= {"counters": list(self.counters), "product": self.product, "order": self.order}
        used = {name: value for name, value in values.items() if f":{name}" in sql}
        return list((await self.session.execute(text(sql), used)).all())
