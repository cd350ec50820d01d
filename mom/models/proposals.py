"""The one road to a change: what was proposed, who decided, what was done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, EquipmentId, Id, Json, Money, SiteId


class Proposal(Base):
    """An action that an agent asks a person to allow. `document` is exactly what is shown and approved (RFC 8785 JSON);
    `sha256` is its hash. The other columns are copies out of it, to find and sort by."""

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("run_id", "call_id"),
        Index("proposals_status_idx", "site_id", "status", "expires_at"),
    )
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    action: Mapped[str]
    title: Mapped[str]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    payload: Mapped[Json]
    cost: Mapped[Money] = mapped_column(server_default="0")
    equipment_id: Mapped[EquipmentId | None]
    loss_id: Mapped[int | None] = mapped_column(ForeignKey("losses.id"))
    proposed_by: Mapped[str]  # the agent
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # the person who asked; none: triage
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    run_id: Mapped[UUID | None]
    call_id: Mapped[str | None]
    status: Mapped[str] = mapped_column(
        server_default="pending"
    )  # or approved, rejected, replaced, expired, done, failed
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]


class Decision(Base):
    """What a person said to a proposal: at most one."""

    __tablename__ = "decisions"
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), primary_key=True, autoincrement=False)
    site_id: Mapped[SiteId]
    approved: Mapped[bool]
    by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    sha256: Mapped[str]
    at: Mapped[Created]


class Execution(Base):
    """The carrying out of an approved proposal: one row, claimed by one worker at a time, done once."""

    __tablename__ = "executions"
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), primary_key=True, autoincrement=False)
    site_id: Mapped[SiteId]
    status: Mapped[str] = mapped_column(server_default="waiting")  # waiting, running, done, failed
    attempts: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None]
    outcome: Mapped[Json] = mapped_column(server_default="{}")
    subject: Mapped[str | None]  # the row that came of it: improvement_task:4
    told: Mapped[int | None] = mapped_column(BigInteger)  # the letter to the owning system
    created_at: Mapped[Created]
    ended_at: Mapped[datetime | None]
