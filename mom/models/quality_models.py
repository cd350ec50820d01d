"""What was learned of quality from machine parameters: every model that a training made, also those that say nothing."""

from datetime import datetime

from sqlalchemy import Float, Index
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Id, Json, SiteId
from mom.models.history import CURRENT


class QualityModel(Base):
    """A version of one response's model. Learned from `started_at` to `split_at`, judged from there to `ended_at`.

    `response`: a characteristic, or `scrap: reason`. `told`: it beats the mean on what it had not seen. `body`: the model
    as mom/quality/drivers.py makes it.
    """

    __tablename__ = "quality_models"
    __table_args__ = (
        Index("quality_models_current_key", "site_id", "equipment", "response", unique=True, postgresql_where=CURRENT),
    )
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    equipment: Mapped[str]  # path
    response: Mapped[str]
    unit: Mapped[str]
    made_at: Mapped[datetime]
    rows: Mapped[int]
    started_at: Mapped[datetime | None]
    split_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    told: Mapped[bool]
    skill: Mapped[float] = mapped_column(Float)
    low: Mapped[float] = mapped_column(Float)
    high: Mapped[float] = mapped_column(Float)
    body: Mapped[Json]
    superseded_at: Mapped[datetime | None]
