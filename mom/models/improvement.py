"""Losses, tasks against them, and whether they helped."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, EquipmentId, Id, Json, Money, SiteId
from mom.models.history import CURRENT


class Loss(Base):
    """One trouble that costs: opened, updated while it lasts, closed. `key` names it: a row a trouble."""

    __tablename__ = "losses"
    __table_args__ = (
        Index("losses_current_key", "site_id", "key", unique=True, postgresql_where=CURRENT),
        Index("losses_equipment_idx", "equipment_id", "started_at"),
    )
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    equipment_id: Mapped[EquipmentId]
    rule: Mapped[str]  # which file of mom/losses found it
    kind: Mapped[str]  # mom.losses.loss.LossKind
    key: Mapped[str]
    title: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # none: it still lasts
    found_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    seconds: Mapped[float] = mapped_column(Float, server_default="0")
    units: Mapped[float] = mapped_column(Float, server_default="0")  # pieces lost
    money: Mapped[Money | None]
    money_low: Mapped[Money | None]  # 90 % interval of what it cost
    money_high: Mapped[Money | None]
    priced_at: Mapped[datetime | None]  # when the line was replayed for it; none: what it cost is the first estimate
    price_due: Mapped[bool] = mapped_column(server_default="false")  # what was found has changed since it was priced
    coverage: Mapped[float] = mapped_column(Float, server_default="1")
    evidence: Mapped[list[str]] = mapped_column(server_default="{}")  # row references: stop:12, count:9
    figures: Mapped[Json] = mapped_column(server_default="{}")
    status: Mapped[str] = mapped_column(server_default="new")  # new, explained, proposed, in work, better, dismissed
    causes: Mapped[Json] = mapped_column(server_default="{}")  # the last diagnosis
    symptom_of: Mapped[int | None] = mapped_column(BigInteger)  # the row of the trouble that this is a sign of
    alerted_at: Mapped[datetime | None]  # when people were told of it; none: it was not worth waking anybody
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)


class ImprovementTask(Base):
    """A countermeasure against a loss, with its baseline, target and the day on which its effect is looked at."""

    __tablename__ = "improvement_tasks"
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), unique=True)
    loss_id: Mapped[int | None] = mapped_column(ForeignKey("losses.id"))
    equipment_id: Mapped[EquipmentId | None]
    title: Mapped[str]
    countermeasure: Mapped[str] = mapped_column(server_default="")
    measure: Mapped[str]  # what is compared: a loss rule's seconds or units a day, or a KPI's name
    reason: Mapped[str | None]  # the loss's reason, where the measure is of one
    unit: Mapped[str] = mapped_column(server_default="")
    baseline: Mapped[float | None] = mapped_column(Float)
    baseline_from: Mapped[datetime | None]
    baseline_to: Mapped[datetime | None]
    target: Mapped[float | None] = mapped_column(Float)
    owner: Mapped[str]
    due_on: Mapped[date]
    check_on: Mapped[date]
    done_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(server_default="open")  # open, done, checked, cancelled
    created_at: Mapped[Created]


class Effect(Base):
    """Before against after, with its interval; one row a check, none is overwritten."""

    __tablename__ = "effects"
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("improvement_tasks.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    before: Mapped[float | None] = mapped_column(Float)
    after: Mapped[float | None] = mapped_column(Float)
    difference: Mapped[float | None] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)  # 90 % interval of the difference
    high: Mapped[float | None] = mapped_column(Float)
    money: Mapped[Money | None]  # saved a day
    unit: Mapped[str] = mapped_column(server_default="")
    verdict: Mapped[str]  # better, no change seen, worse, cannot tell
    detail: Mapped[Json] = mapped_column(server_default="{}")
    checked_at: Mapped[datetime]
