"""Every system of the site tells the product what it has come to know, as soon as it knows it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.plant.records import records

if TYPE_CHECKING:
    from simulator.live import Live
    from simulator.systems.sender import Sender

EVERY = 3.0  # seconds between two looks for what is new


class Reporting:
    """Sends each new record of the living plant by its system's sender; a system without one keeps it to itself."""

    def __init__(self, live: Live, senders: Mapping[str, Sender]) -> None:
        self.live, self.senders = live, senders

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(EVERY)

    def look(self) -> None:
        site, since = self.live.plant.site, self.live.told
        until = site.env.now
        if until <= since:
            return
        fresh = records(site, since)
        for record in fresh:
            if (sender := self.senders.get(record.system)) is not None:
                number = f"{record.system}-{record.kind}-{record.key}-{record.at.timestamp():.0f}"
                sender.send(number, record.kind, {"key": record.key, **record.data}, record.at)
        self.live.tell_until(until, save=bool(fresh))
