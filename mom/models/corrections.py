"""What a person says against what the machine said: a row of its own, kept apart, withdrawn and never deleted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, EquipmentId, Id, Json, SiteId


class Correction(Base):
    """`kind`: `reason` (of stops in the span), `time_class` (of the span), `count` (pieces to add). `value` is what is
    said instead: {"reason": …}, {"class": …}, {"good": …, "scrap": …}. Of two that overlap the later one holds."""

    __tablename__ = "corrections"
    __table_args__ = (Index("corrections_equipment_idx", "equipment_id", "started_at"),)
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    equipment_id: Mapped[EquipmentId]
    kind: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    value: Mapped[Json]
    said_before: Mapped[Json] = mapped_column(server_default="{}")  # what the machine said then
    subject: Mapped[str | None]  # the row that was corrected: stop:12
    why: Mapped[str]
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # none: at the command line
    by_name: Mapped[str]
    created_at: Mapped[Created]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_why: Mapped[str | None]
