"""Work on machines, and the parts it takes."""

from datetime import datetime

from sqlalchemy import Float
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Money, Record


class MaintenanceOrder(Record, Base):
    """`key` is the CMMS's number, or `lineside-proposal-ID` until it answers with one."""

    __tablename__ = "maintenance_orders"
    equipment: Mapped[str]  # path
    part: Mapped[str | None]  # maintainable item
    kind: Mapped[str] = mapped_column(server_default="corrective")  # corrective, preventive, inspection
    title: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")  # untrusted
    failure_mode: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="open")  # open, planned, in work, done, cancelled
    reported_at: Mapped[datetime | None]
    planned_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    technician: Mapped[str | None]
    hours: Mapped[float | None] = mapped_column(Float)
    planned_hours: Mapped[float | None] = mapped_column(Float)  # of work, as it was estimated
    cost: Mapped[Money | None]
    proposal_id: Mapped[int | None]


class SparePart(Record, Base):
    __tablename__ = "spare_parts"
    name: Mapped[str]
    fits: Mapped[list[str]] = mapped_column(server_default="{}")  # equipment paths or parts
    on_hand: Mapped[float] = mapped_column(Float, server_default="0")
    lead_days: Mapped[float | None] = mapped_column(Float)
    price: Mapped[Money | None]
