"""What could not be taken in, and waits for a person."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, Id, Json, SiteId


class WaitingItem(Base):
    """A record or reading that could not be stored, whole, with the reason. `body` is JSON text, safe to store."""

    __tablename__ = "waiting_items"
    __table_args__ = (
        Index(
            "waiting_items_open_key",
            "site_id",
            "source",
            "noun",
            "key",
            "digest",
            unique=True,
            postgresql_where=text("settled_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    source: Mapped[str]  # the system, connector or file
    noun: Mapped[str]  # what it should have become: counts, readings …
    key: Mapped[str] = mapped_column(server_default="")
    digest: Mapped[str]
    body: Mapped[str]
    field: Mapped[str | None]
    reason: Mapped[str]
    mapping: Mapped[str | None]
    more: Mapped[Json] = mapped_column(server_default="{}")
    received_at: Mapped[Created]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    settled_how: Mapped[str | None]  # replayed, dropped by a person
