"""Runs that nobody carries on any more: their process was killed. They end with a clear word; no half answer is kept."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from agents.answer import Answer
from agents.asking import Sessions
from mom.models import AgentRun

AFTER = timedelta(minutes=10)
"""Longer than any run may take with the specialists that it asks."""
WORD = "This was cut off before it was answered: the program was stopped. Nothing was changed. Ask again."


async def end_leftovers(store: Sessions, now: datetime) -> int:
    """End the runs that began long ago and never ended; how many. Triage begins its own again by itself, so it is left out."""
    async with store.write.begin() as session:
        rows = await session.scalars(
            select(AgentRun)
            .where(AgentRun.status == "running", AgentRun.started_at < now - AFTER)
            .where((AgentRun.conversation_id.is_not(None)) | (AgentRun.parent_id.is_not(None)))
            .with_for_update(skip_locked=True)
        )
        found = list(rows)
        for run in found:
            answer = Answer(run_id=str(run.id), agent=run.agent, model=run.model, status="failed", text=WORD)
            await session.execute(
                update(AgentRun)
                .where(AgentRun.id == run.id)
                .values(status="failed", answer=answer.as_json(), ended_at=now)
            )
    return len(found)
