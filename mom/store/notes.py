"""What people wrote."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Window
from mom.models import Note


async def notes_in(session: AsyncSession, site_id: int, window: Window, most: int = 20) -> Sequence[Note]:
    """The notes of `window`, the newest last. Untrusted text."""
    query = (
        select(Note)
        .where(Note.site_id == site_id, func.upper_inf(Note.recorded))
        .where(Note.at >= window.start, Note.at < window.end)
        .order_by(Note.at.desc())
        .limit(most)
    )
    return list(reversed((await session.scalars(query)).all()))
