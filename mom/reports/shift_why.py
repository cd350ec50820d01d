"""Why the dearest losses of a shift came about, as far as the evidence carries it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom.causes.explain import explain
from mom.causes.likely import likely
from mom.errors import NotFound


async def causes_of(session: AsyncSession, losses: Sequence[int], now: datetime) -> Mapping[int, str]:
    """By the loss's number: `very probably filler: set speed not set back (87 %)`. What the evidence does not carry is left out."""
    found = {}
    for number in losses:
        try:
            diagnosis = await explain(session, number, now)
        except NotFound:  # its machine is retired: the report is of the rest
            continue
        if diagnosis.sufficient and diagnosis.candidates:
            best = diagnosis.candidates[0]
            found[number] = f"{likely(best.score)} {best.subject} ({min(99, round(100 * best.score))} %)"
    return found
