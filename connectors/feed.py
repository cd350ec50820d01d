"""One connector, kept running: tried again when its link is lost, its values taken, its gaps on record."""

import asyncio
import json
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from connectors.connector import Connector, LinkLost, LinkRefused, Reading
from connectors.gaps import STOPPED, Gap, gap_from_json
from connectors.links import Health
from connectors.packing import Slot, pack
from connectors.spool import Spool
from connectors.spool_file import SpoolFull
from mom.status import TIME_JUMPED, has_overflow

PAUSES_S = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Before each new try; the last one counts for all that follow, so that a link is back within 30 s of its source."""
REFUSED_PAUSE_S = 20.0
ALIVE_NOTE_S = 1.0
DROPPED = "the source dropped values: give it a longer queue, or sample slower"
JUMP = timedelta(seconds=1)
log = structlog.get_logger("collector")


class Feed:
    """Runs until cancelled. `now`: the clock. What it takes is in the spool when it counts it."""

    def __init__(
        self, name: str, connector: Connector, spool: Spool, slots: Mapping[str, Slot], now: Callable[[], datetime]
    ) -> None:
        self.name, self.health = name, Health()
        self._connector, self._spool, self._slots, self._now = connector, spool, slots, now
        self._gap: Gap | None = None
        self._told = False  # the gap is open in the store, or on its way there
        self._lost_since: datetime | None = None
        self._tries = 0
        self._noted = 0.0
        self._clock = _ClockWatch()
        self._last: dict[str, Reading] = {}

    async def run(self) -> None:
        await self._resume()
        while True:
            try:
                async for batch in self._connector.readings():
                    await self._take(batch)
                reason, fault = "link lost", LinkLost(f"{self.name}: the source ended the stream.")
            except LinkRefused as error:
                reason, fault = "link refused", error
            except SpoolFull as error:
                reason, fault = "spool full", LinkLost(str(error))
            except (LinkLost, OSError) as error:
                reason, fault = "link lost", LinkLost(str(error))
            await self._lost(reason, str(fault))
            await self._pause(reason)

    async def crashed(self, fault: BaseException) -> None:
        """A fault of the program in this connector: a lost link like another, and no other connector's trouble."""
        trace = "".join(traceback.format_exception(fault))
        log.error("a fault in a connector", connector=self.name, trace=trace)
        await self._lost("link lost", f"a fault in the program: {type(fault).__name__}: {fault}")

    async def _resume(self) -> None:
        """Go on from what the last run left: its open gap, or the time since it was last alive."""
        notes = self._spool.file.notes()
        if text := notes.get(f"gap:{self.name}"):
            self._gap, self._told = gap_from_json(json.loads(text)), True
        elif alive := notes.get(f"alive:{self.name}"):
            self._gap = Gap(self.name, datetime.fromisoformat(alive), None, STOPPED)
        self._lost_since = self._gap.start if self._gap else self._now()

    async def _take(self, batch: list[Reading]) -> None:
        now = self._now()
        mark = TIME_JUMPED if self._clock.jumped(now) else 0
        batch, gaps = self._news(batch)
        ended = self._ended(now)
        due = ended is not None or time.monotonic() - self._noted >= ALIVE_NOTE_S
        if batch or due:
            notes: dict[str, str | None] = {f"alive:{self.name}": now.isoformat()}
            if ended is not None:
                gaps.append(ended.as_json())
                notes[f"gap:{self.name}"] = None
            await self._spool.append(pack(batch, self._slots, now, mark), gaps=gaps, notes=notes)
            self._last |= {reading.tag: reading for reading in batch}  # not before: a full spool took nothing
            self._noted = time.monotonic()
        self._alive(now, len(batch))

    def _alive(self, now: datetime, readings: int) -> None:
        health = self.health
        if health.state != "alive":
            if health.state in ("lost", "refused"):
                log.info("the link is back", connector=self.name, lost_since=str(health.since))
            health.state, health.since, health.detail = "alive", now, self._connector.notice
        self._gap = self._lost_since = None
        self._told, self._tries = False, 0
        health.alive_at = now
        if readings:
            health.last_reading_at = now
            health.fresh += readings

    def _ended(self, now: datetime) -> Gap | None:
        """The gap that ends now. A short one that has not been told of, within the source's grace, is none."""
        if self._gap is None:
            return None
        return Gap(self.name, self._gap.start, max(now, self._gap.start), self._gap.reason, self._gap.detail)

    def _news(self, batch: list[Reading]) -> tuple[list[Reading], list[dict[str, object]]]:
        """Without what a source says again (as all do when they are connected anew), and the gaps that it tells of."""
        news, gaps = [], []
        heard: dict[str, Reading] = {}
        for reading in batch:
            last = heard.get(reading.tag) or self._last.get(reading.tag)
            if reading == last and reading.at is not None:
                continue
            news.append(reading)
            heard[reading.tag] = reading
            if reading.at is not None and _is_sound(reading) and has_overflow(reading.status):
                start = min(last.at, reading.at) if last and last.at and _is_sound(last) else reading.at
                gaps.append(Gap(self.name, start, reading.at, "overflow", DROPPED, reading.tag).as_json())
        return news, gaps

    async def _lost(self, reason: str, detail: str) -> None:
        now, health = self._now(), self.health
        if self._lost_since is None:
            self._lost_since = health.alive_at or now
        grace = timedelta(seconds=self._connector.grace_s)
        if self._tries == 0 and reason == "link lost" and now - self._lost_since < grace:
            return
        if self._gap is None:
            self._gap = Gap(self.name, self._lost_since, None, reason, detail[:500])
        if not self._told:
            await self._tell_gap(self._gap)
        state = "refused" if reason == "link refused" else "lost"
        if health.state != state:
            log.warning("the link is lost", connector=self.name, reason=reason, detail=detail)
            health.state, health.since = state, self._lost_since
        health.detail = detail[:500]

    async def _tell_gap(self, gap: Gap) -> None:
        """Open it in the store too. With a full spool it is told when it ends."""
        note: dict[str, str | None] = {f"gap:{self.name}": json.dumps(gap.as_json())}
        try:
            await self._spool.append(gaps=[gap.as_json()], notes=note)
            self._told = True
        except SpoolFull:
            log.warning("the spool is full: the gap is told when it ends", connector=self.name)

    async def _pause(self, reason: str) -> None:
        while reason == "spool full":
            await asyncio.sleep(0.5)
            if self._spool.file.has_room():
                break
        pause = REFUSED_PAUSE_S if reason == "link refused" else PAUSES_S[min(self._tries, len(PAUSES_S) - 1)]
        self._tries += 1
        await asyncio.sleep(pause)


def _is_sound(reading: Reading) -> bool:
    """Whether its time and status are what they should be; if not, it is refused later, by name."""
    at = reading.at
    return isinstance(at, datetime) and at.tzinfo is not None and isinstance(reading.status, int)


class _ClockWatch:
    """Notices when this computer's clock is set."""

    def __init__(self) -> None:
        self._offset: float | None = None

    def jumped(self, now: datetime) -> bool:
        offset = now.timestamp() - time.monotonic()
        jumped = self._offset is not None and abs(offset - self._offset) > JUMP.total_seconds()
        self._offset = offset
        return jumped
