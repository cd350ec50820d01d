"""What goes out (letters, reports) and what came in by webhook."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, Id, Json, SiteId


class Letter(Base):
    """An e-mail or webhook, written in the transaction that caused it, sent by the courier; `key`: never twice."""

    __tablename__ = "letters"
    __table_args__ = (Index("letters_due_idx", "due_at", postgresql_where=text("sent_at IS NULL AND dead_at IS NULL")),)
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    key: Mapped[str] = mapped_column(unique=True)  # also the idempotency key that the receiver sees
    channel: Mapped[str]  # email, webhook
    to: Mapped[str]  # an e-mail address; a webhook: system:CODE or endpoint:ID
    subject: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str]  # the webhook's JSON or the e-mail's plain text
    html: Mapped[str | None]
    attachments: Mapped[Json] = mapped_column(server_default="{}")  # file name: {"report_run": id, "form": "pdf"}
    created_at: Mapped[Created]
    due_at: Mapped[Created]
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]


class ReportRun(Base):
    """A report of one period for one recipient ('' for the shared copy): made once."""

    __tablename__ = "report_runs"
    __table_args__ = (UniqueConstraint("site_id", "report", "period", "recipient"),)
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    report: Mapped[str]
    period: Mapped[str]  # in plant time, with its offset: 2026-11-22T14:00+01:00
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    recipient: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="due")  # due, made, failed
    facts: Mapped[Json] = mapped_column(server_default="{}")
    html: Mapped[str | None]
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Created]
    made_at: Mapped[datetime | None]


class WebhookEndpoint(Base):
    """Where events are sent to. The secret signs; it is shown once."""

    __tablename__ = "webhook_endpoints"
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    url: Mapped[str]
    secret: Mapped[str]
    events: Mapped[list[str]]
    created_by: Mapped[str]
    created_at: Mapped[Created]
    disabled_at: Mapped[datetime | None]


class WebhookReceipt(Base):
    """A webhook that was answered 2xx: its bytes, kept before anything is done with them."""

    __tablename__ = "webhook_receipts"
    __table_args__ = (UniqueConstraint("site_id", "source", "webhook_id"),)
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    source: Mapped[str]
    webhook_id: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[Created]
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
