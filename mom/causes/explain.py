"""Explain a loss: gather the facts, ask every kind of evidence, rank, or refuse."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom.causes.cause import Diagnosis


async def explain(session: AsyncSession, loss_id: int, now: datetime) -> Diagnosis:
    """Why loss `loss_id` happened, as far as the data tell. Writes nothing. Raises NotFound."""
    raise NotImplementedError
