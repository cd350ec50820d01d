"""The record of a run: its row and its messages, appended step by step, each in a transaction of its own.

A run that was killed starts again from here. Two processes at the same run: the second to write a step gets Conflict.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from agents.agent import Message
from agents.answer import Answer
from mom.errors import Conflict, NotFound
from mom.models import AgentMessage, AgentRun

APPEND = text("""
WITH later AS (SELECT set_config('synchronous_commit', 'off', true) AS set),
kept AS (
  INSERT INTO agent_messages (run_id, seq, message, at)
  SELECT CAST(:run AS uuid), CAST(:seq AS int) + m.n - 1, m.message, CAST(:at AS timestamptz)
  FROM later, jsonb_array_elements(CAST(:messages AS jsonb)) WITH ORDINALITY AS m(message, n)
)
UPDATE agent_runs SET steps = :steps, tokens = :tokens FROM later WHERE id = CAST(:run AS uuid) AND later.set = 'off'
""")
"""One round trip. A step is safe from a killed process at once, from a killed server within its next flush: a proposal and the
answer are flushed when they are committed, and with them, in the one log, all that was written before them."""


@dataclass
class Record:
    """One run's place in the store. `seq` is the number of messages that are kept."""

    write: async_sessionmaker[AsyncSession]
    run_id: UUID
    seq: int = 0
    messages: list[Message] = field(default_factory=list)

    async def append(self, messages: list[Message], now: datetime, *, steps: int, tokens: int) -> None:
        """Keep `messages` durably before anything follows from them."""
        values = {"run": self.run_id, "seq": self.seq, "at": now, "steps": steps, "tokens": tokens}
        try:
            async with self.write() as session:
                connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
                await connection.execute(APPEND, {**values, "messages": json.dumps(messages)})
        except IntegrityError as error:
            raise Conflict(f"Run {self.run_id} is being carried on by another process.") from error
        self.seq += len(messages)
        self.messages += messages

    async def end(self, answer: Answer, now: datetime) -> None:
        """The answer stands: from now on the run says the same for ever."""
        async with self.write.begin() as session:
            await session.execute(
                update(AgentRun)
                .where(AgentRun.id == self.run_id, AgentRun.status == "running")
                .values(status=answer.status, answer=answer.as_json(), ended_at=now)
            )


async def begin(write: async_sessionmaker[AsyncSession], run: dict[str, Any], messages: list[Message]) -> Record:
    """A new run with its first messages. `run`: the columns of its row."""
    record = Record(write, run["id"], len(messages), list(messages))
    async with write.begin() as session:
        await session.execute(insert(AgentRun), [run])
        rows = [
            {"run_id": run["id"], "seq": n, "message": message, "at": run["started_at"]}
            for n, message in enumerate(messages)
        ]
        await session.execute(insert(AgentMessage), rows)
    return record


async def reopen(write: async_sessionmaker[AsyncSession], run_id: UUID) -> tuple[AgentRun, Record]:
    """A run that is there, with all its messages."""
    async with write() as session:
        run = await session.get(AgentRun, run_id)
        if run is None:
            raise NotFound(f"There is no run {run_id}.")
        stored = await session.scalars(
            select(AgentMessage.message).where(AgentMessage.run_id == run_id).order_by(AgentMessage.seq)
        )
        messages = list(stored)
    return run, Record(write, run_id, len(messages), messages)


async def earlier(session: AsyncSession, conversation_id: UUID, turns: int = 4) -> list[Message]:
    """The last complete turns of a conversation, question and answer, oldest first."""
    runs = await session.scalars(
        select(AgentRun)
        .where(AgentRun.conversation_id == conversation_id, AgentRun.parent_id.is_(None), AgentRun.answer.is_not(None))
        .order_by(AgentRun.started_at.desc(), AgentRun.id.desc())
        .limit(turns)
    )
    messages: list[Message] = []
    for run in reversed(list(runs)):
        answer = run.answer or {}
        understood = [{"name": u["name"], "value": u["value"]} for u in answer.get("understood", [])]
        messages.append({"role": "user", "content": run.question})
        messages.append({"role": "assistant", "content": answer.get("text", ""), "understood": understood})
    return messages
