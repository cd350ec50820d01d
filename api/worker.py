"""The worker: everything that happens by itself. Loops over rows, woken by notices, each on its own feet.

There is no queue beside the store: what is to be done stands in the rows that it is about (an approved execution, a
touched range, a due letter), each claimed there under SKIP LOCKED. So a job is never lost, never left behind by a dead
worker, and several workers share the work.
"""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.loop_health import note
from mom import clock
from mom.database.access import Store

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
"""Seconds between attempts of a loop that fails: a database that comes back finds everybody back in ten."""
NOTED_EVERY = 5.0
"""Seconds between two notes that all is well."""
GRACE = 8.0
"""Seconds that a step has to end when the worker is asked to stop."""
log = structlog.get_logger("worker")


@dataclass(frozen=True, slots=True)
class Loop:
    """Something to be done again and again. `step` does some of it and says whether more is waiting right now.

    It is called every `every` seconds at the latest, and at once when a notice comes in by one of `channels`.
    """

    name: str
    step: Callable[[Store, datetime], Awaitable[object]]
    every: float
    channels: tuple[str, ...] = ()


def worker_name() -> str:
    """Names this process in leases and the audit."""
    return f"{socket.gethostname()}-{os.getpid()}"


async def work(store: Store, loops: Sequence[Loop], stop: asyncio.Event) -> None:
    """Run the loops until `stop`. A fault in one is logged, kept in its row and tried again; no other notices."""
    wakers = {loop.name: asyncio.Event() for loop in loops}
    tasks = [asyncio.create_task(_keep_on(store, loop, wakers[loop.name], stop), name=loop.name) for loop in loops]
    ear = asyncio.create_task(_listen(store, loops, wakers), name="listen")
    await stop.wait()
    for waker in wakers.values():
        waker.set()
    ear.cancel()
    _, late = await asyncio.wait(tasks, timeout=GRACE)
    for task in late:
        log.warning("a step did not end in time and is broken off", loop=task.get_name())
        task.cancel()
    await asyncio.gather(*tasks, ear, return_exceptions=True)


def stop_on_signals(stop: asyncio.Event) -> None:
    """SIGTERM and SIGINT end the worker after the steps that are under way."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)


async def _keep_on(store: Store, loop: Loop, waker: asyncio.Event, stop: asyncio.Event) -> None:
    """One loop: step, note how it went, wait for the next time."""
    failures, noted = 0, float("-inf")
    while not stop.is_set():
        waker.clear()
        step = asyncio.ensure_future(loop.step(store, clock.now()))
        try:
            await asyncio.wait({step})
        finally:  # we are broken off: so is the step
            step.cancel()
        fault = None if step.cancelled() else step.exception()
        changed, failures = bool(fault or failures), failures + 1 if fault else 0
        if fault is not None:
            _say(loop, fault, failures)
        if changed or time.monotonic() - noted > NOTED_EVERY:
            await _note(store, loop, fault, failures)
            noted = time.monotonic()
        if fault is not None:
            await _pause(stop, min(FIRST_PAUSE * 2 ** min(failures - 1, 16), LONGEST_PAUSE))
        elif step.cancelled() or not step.result():
            await _wait(waker, loop.every)


def _say(loop: Loop, fault: BaseException, failures: int) -> None:
    """The first time with its trace, then seldom; in between a line."""
    trace = {"exc_info": fault} if failures & (failures - 1) == 0 else {}
    log.error(
        "a loop failed", loop=loop.name, failures=failures, error=f"{type(fault).__name__}: {fault}"[:300], **trace
    )


async def _note(store: Store, loop: Loop, fault: BaseException | None, failures: int) -> None:
    """While the database is down there is no row to write: the log has it."""
    with suppress(SQLAlchemyError, OSError):
        async with store.write.begin() as session:
            await note(session, loop.name, worker_name(), fault, failures, clock.now())


async def _wait(waker: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(waker.wait(), seconds)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def _listen(store: Store, loops: Sequence[Loop], wakers: dict[str, asyncio.Event]) -> None:
    """Pass notices on to the loops that wait for them; after a lost connection everybody looks for themselves."""
    channels = sorted({channel for loop in loops for channel in loop.channels})
    while True:
        try:
            async with await store.connect(autocommit=True) as connection:
                for channel in channels:
                    await connection.execute(f"LISTEN {channel}")  # names of our own code
                for waker in wakers.values():
                    waker.set()
                async for notice in connection.notifies():
                    for loop in loops:
                        if notice.channel in loop.channels:
                            wakers[loop.name].set()
        except (psycopg.Error, OSError) as error:
            log.warning("no notices: the database does not answer; asking again", error=str(error))
            await asyncio.sleep(2)
