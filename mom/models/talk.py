"""Conversations, agents' runs and their messages: appended step by step, the record of what was said and called."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, Json, SiteId


class Conversation(Base):
    __tablename__ = "conversations"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[SiteId]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[Created]


class AgentRun(Base):
    """One run of one agent on one question. A specialist's run has a parent. `answer` is set only when complete."""

    __tablename__ = "agent_runs"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[SiteId]
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent_runs.id"), index=True)
    parent_call: Mapped[str | None]
    agent: Mapped[str]
    model: Mapped[str]  # `built-in` or the model's name
    question: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="running")  # running, done, failed, stopped
    answer: Mapped[Json | None]  # {"text", "blocks", "citations", "understood", "follow_ups", "checked"}
    steps: Mapped[int] = mapped_column(server_default="0")
    tokens: Mapped[int] = mapped_column(server_default="0")
    started_at: Mapped[Created]
    ended_at: Mapped[datetime | None]


class AgentMessage(Base):
    __tablename__ = "agent_messages"
    run_id: Mapped[UUID] = mapped_column(ForeignKey("agent_runs.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message: Mapped[Json]  # OpenAI's form
    at: Mapped[Created]
