"""Store and forward: what `append` returned for is *taken*: kill -9, a dead database, a power cut lose none."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

from connectors.packing import Packed
from connectors.spool_file import LIMIT_BYTES, RESERVE_BYTES, Entry, Kind, SpoolFile, as_json
from mom.errors import LinesideError

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class _Group:
    """What goes to the disk with the next commit; who appended waits for `done`."""

    entries: list[tuple[Kind, int, bytes]] = field(default_factory=list)
    notes: dict[str, str | None] = field(default_factory=dict)
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Spool:
    """The spool of one collector, for all its connectors. Appends that come during a commit share the next one."""

    def __init__(self, path: Path, *, limit: int = LIMIT_BYTES, reserve: int = RESERVE_BYTES) -> None:
        self.file = SpoolFile(path, limit=limit, reserve=reserve)
        self.news = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._group: _Group | None = None
        self._writer: asyncio.Task[None] | None = None

    @property
    def rows(self) -> int:
        """Readings that wait to be stored."""
        return self.file.rows

    async def append(
        self,
        packed: Packed | None = None,
        *,
        gaps: Iterable[dict[str, object]] = (),
        notes: dict[str, str | None] | None = None,
    ) -> None:
        """Take it: on the disk when this returns. Raises SpoolFull, and then it is not taken."""
        if self._group is None:
            self._group = _Group()
        group = self._group
        if packed is not None:
            group.entries += entries_of(packed)
        group.entries += ((Kind.gap, 0, as_json(gap)) for gap in gaps)
        group.notes |= notes or {}
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_groups())
        await asyncio.shield(group.done)

    async def read(self, most_rows: int, *, after: int = 0) -> list[Entry]:
        self.news.clear()
        return await self._in_thread(self.file.read, most_rows, after)

    async def trim(self, entries: Sequence[Entry]) -> None:
        await self._in_thread(self.file.trim, entries)

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer
        self._thread.shutdown()
        self.file.close()

    async def _write_groups(self) -> None:
        while (group := self._group) is not None:
            self._group = None
            try:
                await self._in_thread(self.file.append, group.entries, group.notes)
            except (LinesideError, sqlite3.Error) as error:
                group.done.set_exception(error)
                group.done.exception()  # nobody may be waiting any more
            else:
                group.done.set_result(None)
                self.news.set()
            finally:
                group.done.cancel()  # without effect once it is done

    async def _in_thread(self, function: Callable[P, R], *args: P.args, **_: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *args)


def entries_of(packed: Packed) -> Iterable[tuple[Kind, int, bytes]]:
    yield Kind.numbers, packed.number_rows, packed.numbers
    yield Kind.texts, packed.text_rows, packed.texts
    for refused in packed.refused:
        yield Kind.refused, 0, refused.encode()
