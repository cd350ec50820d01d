"""What is kept by the hour: the elements of figures, summed once by who writes, and which of them no longer hold.

Nothing here is a source: all of it can be thrown away and is made again from the rows.
"""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, EquipmentId, Id, Json


class RollupBasis(Base):
    """What one equipment's hours are computed by: a digest of its rates, calendar, limits, place in the line, of the
    products that it made and of the definitions. Another digest, another basis: its hours are made anew. Every hour from
    `built_from` up to `built_to` is there, and `products` are all that were counted in them; `names` are the elements,
    in the order of each row's `values`."""

    __tablename__ = "rollup_bases"
    __table_args__ = (UniqueConstraint("equipment_id", "digest"),)
    id: Mapped[Id]
    equipment_id: Mapped[EquipmentId]
    digest: Mapped[str]
    names: Mapped[list[str]]
    products: Mapped[list[str]] = mapped_column(server_default="{}")
    built_from: Mapped[datetime | None]
    built_to: Mapped[datetime | None]
    made_at: Mapped[Created]


class Rollup(Base):
    """The elements of so many `hours` (1, 24, 168, 672; of UTC, weeks from Monday) of one basis. `said`: what is missing, notes."""

    __tablename__ = "rollups"
    basis_id: Mapped[int] = mapped_column(ForeignKey("rollup_bases.id", ondelete="CASCADE"), primary_key=True)
    hours: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    values: Mapped[list[float]] = mapped_column(ARRAY(Float))
    said: Mapped[Json | None]


class RollupMark(Base):
    """Rows of an equipment changed in a range, in the transaction that wrote this: the hours that it touches are
    computed from the rows until they are made anew. Written by triggers on the tables that figures are made of."""

    __tablename__ = "rollup_marks"
    id: Mapped[Id]
    equipment_id: Mapped[int]
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
