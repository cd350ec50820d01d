"""Who may come in, what happened (events), and the record that cannot be changed unseen (audit)."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, Id, Json, SiteId


class User(Base):
    """Somebody who can sign in. `site_id` none: every site."""

    __tablename__ = "users"
    id: Mapped[Id]
    site_id: Mapped[SiteId | None]
    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str | None]
    roles: Mapped[list[str]]
    password_hash: Mapped[str | None]  # argon2id
    language: Mapped[str] = mapped_column(server_default="en")
    created_at: Mapped[Created]
    disabled_at: Mapped[datetime | None]


class SignInSession(Base):
    """A browser that is signed in; the cookie's value is kept only as its SHA-256."""

    __tablename__ = "sign_in_sessions"
    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Created]
    seen_at: Mapped[Created]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInLink(Base):
    """A link that signs a user in once."""

    __tablename__ = "sign_in_links"
    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiKey(Base):
    __tablename__ = "api_keys"
    id: Mapped[Id]
    name: Mapped[str]
    key_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Created]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Event(Base):
    """Something that pages, webhooks and workers want to know at once. A page resumes by `id`."""

    __tablename__ = "events"
    __table_args__ = (Index("events_at_idx", "at"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    site_id: Mapped[SiteId]
    at: Mapped[Created]
    kind: Mapped[str]  # loss.opened, loss.closed, proposal.created, proposal.decided, action.done, link.lost …
    subject: Mapped[str]  # loss:7
    body: Mapped[Json] = mapped_column(server_default="{}")


class AuditEntry(Base):
    """One act of a person, agent or system. `hash` covers the entry and the hash before it (mom/audit.py)."""

    __tablename__ = "audit_entries"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # 1, 2, 3 … without holes
    site_id: Mapped[SiteId]
    at: Mapped[datetime]
    actor: Mapped[str]  # user:3, agent:loss_analyst, system:worker
    act: Mapped[str]  # proposal.approved …
    subject: Mapped[str]
    detail: Mapped[Json]
    before: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditHead(Base):
    """How long the audit's chain is and what its last hash was: entries cut off its end are missed (mom/audit.py)."""

    __tablename__ = "audit_heads"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # always 1
    entries: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class SignInAttempt(Base):
    """Failed sign-ins of a user's name (`user:ana`) or an address (`address:10.0.0.7`) since the last good one."""

    __tablename__ = "sign_in_attempts"
    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]


class Switch(Base):
    """A switch that people throw: `agents` off stops every model call and action."""

    __tablename__ = "switches"
    name: Mapped[str] = mapped_column(primary_key=True)
    off: Mapped[bool] = mapped_column(server_default="false")
    by: Mapped[str | None]
    at: Mapped[Created]


class WorkerLoop(Base):
    """How one of the worker's loops is doing: when it last went well, since when it fails and why."""

    __tablename__ = "worker_loops"
    name: Mapped[str] = mapped_column(primary_key=True)
    worker: Mapped[str]
    seen_at: Mapped[datetime]  # written every few seconds while the worker lives
    well_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default="0")  # in a row
    error: Mapped[str | None]
