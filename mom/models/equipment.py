"""Sites, the equipment tree, tags, and the links that bring their values."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Identity, Integer, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Json, SiteId


class Site(Base):
    """One plant. `plant` is its plant file as last applied (JSON), `{}` for a site that only has imported records."""

    __tablename__ = "sites"
    id: Mapped[int] = mapped_column(SmallInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    currency: Mapped[str] = mapped_column(server_default="EUR")
    plant: Mapped[Json] = mapped_column(server_default="{}")


class Equipment(Base):
    """A node of the tree. `path` starts with the site's code: `riverside/line-1/filler`."""

    __tablename__ = "equipment"
    __table_args__ = (UniqueConstraint("site_id", "path"),)
    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    site_id: Mapped[SiteId]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("equipment.id"))
    path: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[str]  # mom.plant.schema.Level
    position: Mapped[int] = mapped_column(server_default="0")  # order in the line, from upstream
    is_constraint: Mapped[bool] = mapped_column(server_default="false")
    ideal_rate: Mapped[float | None] = mapped_column(Float)  # pieces per minute
    buffer_after: Mapped[int | None]
    aliases: Mapped[list[str]] = mapped_column(server_default="{}")
    parts: Mapped[list[str]] = mapped_column(server_default="{}")
    active: Mapped[bool] = mapped_column(server_default="true")  # false: no longer in the plant file


class Tag(Base):
    """One value of a source. Readings carry its id, and so its site."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("site_id", "name"),)
    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    site_id: Mapped[SiteId]
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"), index=True)
    name: Mapped[str]  # the plant file's tag id
    title: Mapped[str] = mapped_column(server_default="")
    connector: Mapped[str]
    meaning: Mapped[str]  # mom.plant.schema.Meaning
    unit: Mapped[str] = mapped_column(server_default="")
    config: Mapped[Json] = mapped_column(server_default="{}")  # the whole block of the plant file
    active: Mapped[bool] = mapped_column(server_default="true")


class Link(Base):
    """How a connector is doing, and the lease of the collector that runs it."""

    __tablename__ = "links"
    site_id: Mapped[SiteId] = mapped_column(primary_key=True)
    connector: Mapped[str] = mapped_column(primary_key=True)
    protocol: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="starting")  # starting, alive, lost, refused
    since: Mapped[datetime]
    detail: Mapped[str] = mapped_column(server_default="")
    last_reading_at: Mapped[datetime | None]
    alive_at: Mapped[datetime | None]  # the last time the source was known to answer
    readings: Mapped[int] = mapped_column(BigInteger, server_default="0")
    waiting: Mapped[int] = mapped_column(BigInteger, server_default="0")  # in the spool, not yet stored
    spool_bytes: Mapped[int] = mapped_column(BigInteger, server_default="0")
    spool_limit: Mapped[int] = mapped_column(BigInteger, server_default="0")
    holder: Mapped[str | None]  # which collector
    fence: Mapped[int] = mapped_column(BigInteger, server_default="0")  # grows with each new holder
    lease_until: Mapped[datetime | None]
