"""Products, orders, runs of an order on a line, and the schedule."""

from datetime import datetime

from sqlalchemy import Float, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, Derived, EquipmentId, Id, Money, Record, SiteId
from mom.models.history import CURRENT


class Product(Record, Base):
    """`key` is the product's id. `margin`: contribution of one good piece; `material_cost`: of one scrapped piece."""

    __tablename__ = "products"
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(server_default="pcs")
    code: Mapped[int | None]
    margin: Mapped[Money | None]
    material_cost: Mapped[Money | None]
    aliases: Mapped[list[str]] = mapped_column(server_default="{}")


class ProductionOrder(Record, Base):
    """`key` is the order's number."""

    __tablename__ = "production_orders"
    product: Mapped[str]
    quantity: Mapped[float] = mapped_column(Float)
    due_at: Mapped[datetime | None]
    release_at: Mapped[datetime | None]  # earliest start: material is there
    line: Mapped[str | None]  # equipment path, where the order is bound to one
    priority: Mapped[int] = mapped_column(server_default="0")
    status: Mapped[str] = mapped_column(server_default="released")  # planned, released, running, done, cancelled
    customer: Mapped[str | None]
    planned_scrap: Mapped[float | None] = mapped_column(Float)  # pieces that the planners reckon to lose
    planned_end: Mapped[datetime | None]  # as the planners had it, whatever the schedule became
    finished_at: Mapped[datetime | None]
    good: Mapped[float | None] = mapped_column(Float)  # pieces that were delivered


class Run(Derived, Base):
    """An order was run on a line, from its first to its last piece; derived like the rest of the history."""

    __tablename__ = "runs"
    __table_args__ = (Index("runs_current_key", "equipment_id", "started_at", unique=True, postgresql_where=CURRENT),)
    order: Mapped[str | None]
    product: Mapped[str | None]


class ScheduleEntry(Base):
    """An order's place on a line. A changed plan is new rows; the old ones are superseded."""

    __tablename__ = "schedule_entries"
    __table_args__ = (
        UniqueConstraint("site_id", "plan", "order"),
        Index("schedule_entries_current_key", "site_id", "order", unique=True, postgresql_where=CURRENT),
    )
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    plan: Mapped[str]  # erp, or proposal:ID
    equipment_id: Mapped[EquipmentId]
    order: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_at: Mapped[Created]
    superseded_at: Mapped[datetime | None]
