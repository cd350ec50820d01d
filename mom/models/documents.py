"""Documents, and the passages of text (documents, past stops, repairs, notes) that search looks through."""

from datetime import datetime
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Computed, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, Id, Json, Record, SiteId

DIMENSIONS = 384


class Document(Record, Base):
    __tablename__ = "documents"
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="manual")
    equipment: Mapped[str | None]
    language: Mapped[str] = mapped_column(server_default="en")
    body: Mapped[str]


class Passage(Base):
    """One searchable text. `subject` names the row it tells of: `maintenance_order:12`, `note:4`, `document:3`."""

    __tablename__ = "passages"
    __table_args__ = (
        UniqueConstraint("site_id", "subject", "part"),
        Index("passages_words_idx", "words", postgresql_using="gin"),
        Index(
            "passages_embedding_idx",
            "embedding",
            postgresql_using="hnsw",
            postgresql_ops={"embedding": "halfvec_cosine_ops"},
        ),
        Index("passages_equipment_idx", "site_id", "equipment", "at"),
    )
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    subject: Mapped[str]
    part: Mapped[int] = mapped_column(server_default="0")
    kind: Mapped[str]  # repair, stop, note, document
    equipment: Mapped[str | None]  # path
    at: Mapped[datetime | None]
    body: Mapped[str]
    more: Mapped[Json] = mapped_column(server_default="{}")
    words: Mapped[Any] = mapped_column(TSVECTOR, Computed("to_tsvector('english', body)", persisted=True))
    embedding: Mapped[Any | None] = mapped_column(HALFVEC(DIMENSIONS))
    model: Mapped[str | None]  # what made the embedding
    created_at: Mapped[Created]
