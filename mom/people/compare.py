"""Crews or persons against standard time, as far as they may be shown: the one way that tools and the API ask for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from mom.caller import Caller
from mom.errors import NotAllowed
from mom.facts import Window
from mom.people.gather import work_of_crews, work_of_persons
from mom.people.policy import crews_shown, need_persons
from mom.people.standard import Against, against_standard
from mom.store.plants import Layout

By = Literal["crew", "person"]
METHOD = (
    "time taken for the standard time of good pieces, product, line, supplier of the material and practice taken out;"
    " 90 % intervals; against the mean of those shown"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """`withheld`: who is not shown, and why. Their work is not in the figures of the others either."""

    rows: Sequence[Against]
    withheld: Mapping[str, str] = field(default_factory=dict)
    method: str = METHOD


async def compare(
    session: AsyncSession,
    layout: Layout,
    caller: Caller,
    lines: Sequence[str],
    window: Window,
    now: datetime,
    by: By,
    *,
    named: AsyncSession | None = None,
) -> Compared:
    """Raises NotAllowed: single persons are not for this caller, or not on this way. The role that pages and agents read
    as cannot see whose a work time is: who asks for persons gives a session that can (`named`)."""
    if by == "person":
        need_persons(layout, caller)
        if named is None:
            raise NotAllowed(
                "Figures of single persons are not shown in the chat, to nobody.",
                remedy="Your role may have them at GET /api/v1/people?by=person.",
            )
        return Compared(against_standard(await work_of_persons(named, layout, lines, window, now)))
    work = await work_of_crews(session, layout, lines, window, now)
    calendar = layout.plant.calendar if layout.plant else None
    crews = calendar.rotation.crews if calendar and calendar.rotation else ()
    shown = await crews_shown(session, layout, crews, window)
    return Compared(against_standard([piece for piece in work if piece.group in shown.groups]), shown.withheld)
