"""What the laboratory and the line found."""

from datetime import datetime

from sqlalchemy import Float, Index
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Record


class InspectionResult(Record, Base):
    """One measured or judged characteristic of one sample."""

    __tablename__ = "inspection_results"
    extra_args = (Index("inspection_results_at_idx", "site_id", "at"),)
    equipment: Mapped[str | None]  # path
    product: Mapped[str | None]
    order: Mapped[str | None]
    lot: Mapped[str | None]
    characteristic: Mapped[str]
    value: Mapped[float | None] = mapped_column(Float)
    unit: Mapped[str] = mapped_column(server_default="")
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    passed: Mapped[bool | None]
    sample: Mapped[str | None]  # the inspected part: one part may have several characteristics
    attempt: Mapped[int] = mapped_column(server_default="1")  # 2: the same part, inspected again
    at: Mapped[datetime]


class Nonconformance(Record, Base):
    __tablename__ = "nonconformances"
    equipment: Mapped[str | None]
    product: Mapped[str | None]
    lot: Mapped[str | None]
    text: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="open")
    at: Mapped[datetime]
