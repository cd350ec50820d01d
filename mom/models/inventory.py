"""Material: lots and their moves."""

from datetime import datetime

from sqlalchemy import Float
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
