"""Keep the passages up: new rows become passages, passages become vectors. Runs in jobs, never in a request's way."""

from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from mom.knowledge.embedding import Embedder, embedder
from mom.knowledge.passages import collect
from mom.models import Passage
from mom.settings import Settings

AT_ONCE = 128


class Writes(Protocol):
    @property
    def write(self) -> async_sessionmaker[AsyncSession]: ...


async def index_new(store: Writes, settings: Settings) -> int:
    """One round: passages for new rows, vectors for passages without one. How much was done; 0: all is up to date.

    Safe to run several times at once: rows that another round holds are skipped. Raises Unavailable when the endpoint fails.
    """
    async with store.write.begin() as session:
        done = await collect(session)
    maker = embedder(settings)
    return done + (await _embed(store, maker) if maker else 0)


async def index_all(store: Writes, settings: Settings) -> int:
    """Rounds until nothing is left."""
    total = 0
    while done := await index_new(store, settings):
        total += done
    return total


async def _embed(store: Writes, maker: Embedder) -> int:
    async with store.write.begin() as session:
        query = (
            select(Passage.id, Passage.body)
            .where((Passage.model != maker.name) | Passage.model.is_(None))
            .order_by(Passage.id)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        rows = (await session.execute(query)).all()
        if not rows:
            return 0
        vectors = await maker.vectors([body for _, body in rows])
        changed = [
            {"id": row_id, "embedding": vector, "model": maker.name}
            for (row_id, _), vector in zip(rows, vectors, strict=True)
        ]
        await session.execute(update(Passage), changed)
    return len(rows)
