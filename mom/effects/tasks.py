"""Improvement tasks in people's hands: done, or given up."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.caller import Caller
from mom.errors import Conflict, NotFound
from mom.events import emit
from mom.models import ImprovementTask

MAY = ("operator", "supervisor", "maintenance", "planner", "quality", "manager")


async def end_task(
    session: AsyncSession, task_id: int, *, done: bool, caller: Caller, now: datetime
) -> ImprovementTask:
    """Mark it done (its effect is measured from this moment) or cancel it. NotFound, Conflict when it is not open."""
    caller.need(*MAY)
    task = await session.get(ImprovementTask, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.site_id != caller.site_id:
        raise NotFound(f"There is no task {task_id}.")
    if task.status != "open":
        raise Conflict(f"Task {task_id} is already {task.status}.")
    task.status, task.done_at = ("done", now) if done else ("cancelled", None)
    act, subject = f"task.{task.status}", f"improvement_task:{task.id}"
    await emit(session, task.site_id, act, subject, {"title": task.title, "by": caller.name})
    await audit.append(session, site_id=task.site_id, at=now, actor=caller.actor, act=act, subject=subject)
    return task
