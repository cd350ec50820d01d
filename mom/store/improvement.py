"""Improvement tasks and what came of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import Effect, ImprovementTask


async def tasks_of(session: AsyncSession, site_id: int) -> list[tuple[ImprovementTask, Effect | None]]:
    """Every task with its last effect: those that are to be checked next first."""
    query = select(ImprovementTask).where(ImprovementTask.site_id == site_id).order_by(ImprovementTask.check_on.desc())
    tasks = list(await session.scalars(query))
    effects = await _last_effects(session, [task.id for task in tasks])
    return [(task, effects.get(task.id)) for task in tasks]


async def _last_effects(session: AsyncSession, ids: Sequence[int]) -> dict[int, Effect]:
    query = select(Effect).where(Effect.task_id.in_(ids)).order_by(Effect.checked_at)
    return {effect.task_id: effect for effect in await session.scalars(query) if effect.task_id is not None}
