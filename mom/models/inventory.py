"""Material: lots and their moves."""

from datetime import datetime

from sqlalchemy import Float, Index
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Record


class MaterialLot(Record, Base):
    __tablename__ = "material_lots"
    material: Mapped[str]
    supplier: Mapped[str | None]
    quantity: Mapped[float | None] = mapped_column(Float)
    unit: Mapped[str] = mapped_column(server_default="pcs")
    received_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(server_default="released")  # expected, released, blocked, used


class StockMove(Record, Base):
    """A lot was moved to or from an equipment (consumption: `to_equipment`)."""

    __tablename__ = "stock_moves"
    lot: Mapped[str]
    material: Mapped[str]
    quantity: Mapped[float] = mapped_column(Float)
    from_equipment: Mapped[str | None]
    to_equipment: Mapped[str | None]
    order: Mapped[str | None]
    at: Mapped[datetime]


class StockLevel(Record, Base):
    """How much of a material lay in stock at a moment; it holds until the next one of the same material and place."""

    __tablename__ = "stock_levels"
    extra_args = (Index("stock_levels_at_idx", "site_id", "at"),)
    material: Mapped[str]
    equipment: Mapped[str | None]  # path of what it is kept for, or of the store
    quantity: Mapped[float] = mapped_column(Float)
    unit: Mapped[str] = mapped_column(server_default="pcs")
    unit_cost: Mapped[float | None] = mapped_column(Float)
    at: Mapped[datetime]


class MaterialBooking(Record, Base):
    """What became of material, as it was booked: consumed by production, or lost and where (ISO 22400-2, 25 to 29)."""

    __tablename__ = "material_bookings"
    extra_args = (Index("material_bookings_at_idx", "site_id", "at"),)
    material: Mapped[str]
    kind: Mapped[str]  # consumed, integrated, production_loss, storage_loss, transport_loss, other_loss
    quantity: Mapped[float] = mapped_column(Float)
    unit: Mapped[str] = mapped_column(server_default="pcs")
    equipment: Mapped[str | None]
    product: Mapped[str | None]
    order: Mapped[str | None]
    lot: Mapped[str | None]
    at: Mapped[datetime]
