"""Who asks, of which store, when: what a run is given from outside."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from agents.events import OnEvent, nobody
from mom.caller import Caller
from mom.settings import Settings
from mom.switches import is_on


class Sessions(Protocol):
    """The two ways into a store (mom.database.access.Store has them)."""

    @property
    def read(self) -> async_sessionmaker[AsyncSession]: ...
    @property
    def write(self) -> async_sessionmaker[AsyncSession]: ...


@dataclass(frozen=True, slots=True)
class Asking:
    """`now` stands still for a whole run: every tool sees the same moment. `off`: asked instead of the store's switch."""

    store: Sessions
    caller: Caller
    now: datetime
    zone: ZoneInfo
    settings: Settings
    conversation_id: UUID | None = None
    on_event: OnEvent = nobody
    off: Callable[[], Awaitable[bool]] | None = None

    async def agents_off(self) -> bool:
        """Whether a person has switched the agents off."""
        if self.off is not None:
            return await self.off()
        async with self.store.read() as session:
            return not await is_on(session)
