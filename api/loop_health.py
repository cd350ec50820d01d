"""How the worker's loops are doing, as rows that pages, /readyz and doctor read."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom.models import WorkerLoop

LONGEST_ERROR = 500


async def note(
    session: AsyncSession, loop: str, worker: str, fault: BaseException | None, failures: int, now: datetime
) -> None:
    """Write the loop's row in the caller's transaction. `failures`: how many in a row, this one included."""
    values = {"worker": worker, "seen_at": now, "failures": failures}
    if fault is None:
        values |= {"well_at": now, "failing_since": None, "error": None}
    else:
        values |= {"error": f"{type(fault).__name__}: {fault}"[:LONGEST_ERROR].replace("\x00", "")}
    began = {"failing_since": now} if failures == 1 else {}
    row = insert(WorkerLoop).values(name=loop, **{**values, **began})
    await session.execute(row.on_conflict_do_update(index_elements=["name"], set_={**values, **began}))
