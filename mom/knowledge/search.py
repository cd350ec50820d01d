"""Find past cases by meaning and by words, joined with SQL filters.

The rank is the cosine of the vectors plus a small weight of the words' rank (full weight on words lowered the result where it was
measured). Below 10,000 rows that pass the filters the scan is exact; above, HNSW scans on until enough rows pass them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Float, Select, Text, bindparam, cast, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from mom.knowledge.embedding import embedder
from mom.models import Passage
from mom.models.documents import DIMENSIONS
from mom.settings import Settings

EXACT_BELOW = 10_000
WORDS_WEIGHT = 0.15
CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `equipment`: of this path and what lies under it; `before`: nothing later."""

    text: str
    site_id: int
    equipment: str | None = None
    kind: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    limit: int = 8


@dataclass(frozen=True, slots=True)
class Hit:
    subject: str  # the row it tells of: maintenance_order:12
    kind: str
    equipment: str | None
    at: datetime | None
    title: str
    body: str
    near: float  # 0 to 1
    more: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    hits: list[Hit]
    how: str  # "meaning and words", "words"


async def find(session: AsyncSession, wanted: Wanted, settings: Settings) -> Found:
    """The nearest passages, one a row. Without vectors (none made yet, no model) by words alone."""
    maker = embedder(settings)
    filters = _filters(wanted)
    embedded = await _count(session, filters, maker.name) if maker else 0
    if maker is None or not embedded:
        return Found(_hits(await _by_words(session, wanted, filters)), "words")
    vector = (await maker.vectors([wanted.text]))[0]
    if embedded >= EXACT_BELOW:
        await session.execute(text("SET LOCAL hnsw.iterative_scan = strict_order"))
        await session.execute(text("SET LOCAL hnsw.ef_search = 200"))
    else:
        await session.execute(text("SET LOCAL enable_indexscan = off"))
    rows = await _by_meaning(session, wanted, [*filters, Passage.model == maker.name], vector)
    await session.execute(text("SET LOCAL enable_indexscan = on"))
    return Found(_hits(rows)[: wanted.limit], "meaning and words")


def _filters(wanted: Wanted) -> list[Any]:
    filters: list[Any] = [Passage.site_id == wanted.site_id]
    if wanted.equipment:
        below = Passage.equipment.startswith(f"{wanted.equipment}/", autoescape=True)
        filters.append(or_(Passage.equipment == wanted.equipment, below))
    if wanted.kind:
        filters.append(Passage.kind == wanted.kind)
    if wanted.since:
        filters.append(Passage.at >= wanted.since)
    if wanted.before:
        filters.append(or_(Passage.at.is_(None), Passage.at <= wanted.before))
    return filters


async def _count(session: AsyncSession, filters: list[Any], model: str) -> int:
    """How many passages pass the filters, counted no further than it matters."""
    inner = select(literal(1)).where(*filters, Passage.model == model).limit(EXACT_BELOW).subquery()
    return await session.scalar(select(func.count()).select_from(inner)) or 0


async def _by_meaning(session: AsyncSession, wanted: Wanted, filters: list[Any], vector: Any) -> list[Any]:
    given = bindparam("vector", vector, type_=HALFVEC(DIMENSIONS))
    distance = Passage.embedding.cosine_distance(given)
    nearest = (
        select(Passage, distance.label("distance")).where(*filters).order_by(distance).limit(CANDIDATES).subquery()
    )
    words = func.ts_rank_cd(nearest.c.words, _query(wanted.text), 32)
    near = 1 - cast(nearest.c.distance, Float)
    score = (near + WORDS_WEIGHT * words).label("score")
    query: Select[Any] = select(nearest, near.label("near"), score).order_by(score.desc(), nearest.c.id)
    return list((await session.execute(query.limit(4 * wanted.limit))).all())


async def _by_words(session: AsyncSession, wanted: Wanted, filters: list[Any]) -> list[Any]:
    """Full text: any of the words, the more and the closer the better."""
    query = _query(wanted.text)
    near = cast(func.ts_rank_cd(Passage.words, query, 32), Float).label("near")
    found = select(Passage.__table__, near).where(*filters, Passage.words.op("@@")(query))
    return list((await session.execute(found.order_by(near.desc(), Passage.id).limit(2 * wanted.limit))).all())


def _query(words: str) -> Any:
    """Any of the words, stemmed as the passages are."""
    plain = cast(func.plainto_tsquery(literal("english").cast(REGCONFIG), words), Text)
    return cast(func.replace(plain, "&", "|"), TSQUERY)


def _hits(rows: list[Any]) -> list[Hit]:
    """The best part of each row."""
    found: dict[str, Hit] = {}
    for row in rows:
        title = str(row.more.get("title") or row.body[:80])
        hit = Hit(row.subject, row.kind, row.equipment, row.at, title, row.body, max(0.0, row.near), row.more)
        found.setdefault(row.subject, hit)
    return list(found.values())
