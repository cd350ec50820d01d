"""One process that the supervisor keeps alive."""

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from api.watch import VARIABLE

PATIENCE = 10.0
"""Seconds that a child has to end when it is asked to."""
FIRST_PAUSE, LONGEST_PAUSE, LONG_LIFE = 0.5, 30.0, 60.0
"""Seconds: before the first restart, the most between two, and after which life a death counts as the first again."""
LARGEST_LOG = 10_000_000
LOG_LOOK = 60.0
"""Bytes that a log may have, and seconds between two looks at it."""


@dataclass(frozen=True, slots=True)
class Program:
    """What a child runs: the interpreter's arguments, and what its environment has besides ours."""

    name: str
    words: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


class Child:
    """A program that is started again, after a growing pause, whenever it dies; what it prints goes to its log.

    `watch` is the read end of the owner's pipe; `told` gets a line for a person when something happens.
    """

    def __init__(
        self, program: Program, log: Path, env: Mapping[str, str], watch: int, told: Callable[[str], None]
    ) -> None:
        self.program, self.log = program, log
        self.deaths = 0
        self._env = {**env, **program.env, VARIABLE: str(watch)}
        self._watch, self._told = watch, told
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it, and keep it alive from now on."""
        await self._spawn()
        self._task = asyncio.create_task(self._keep(), name=self.program.name)

    async def stop(self) -> None:
        """Ask it to end; after `PATIENCE` seconds, make it."""
        self._stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), PATIENCE)
            except TimeoutError:
                self._told(f"{self.program.name} did not end by itself and was killed.")
                process.kill()
                await process.wait()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _spawn(self) -> None:
        _shorten(self.log)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self.program.words, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                env=self._env, pass_fds=(self._watch,), start_new_session=True,
            )  # fmt: skip

    async def _keep(self) -> None:
        clock, pause = asyncio.get_running_loop().time, FIRST_PAUSE
        while True:
            born = clock()
            code = await self._ended()
            if self._stopping:
                return
            self.deaths += 1
            pause = FIRST_PAUSE if clock() - born > LONG_LIFE else pause
            self._told(f"{self.program.name} ended ({_said(code)}); started again in {pause:g} s. See {self.log}")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            await self._spawn()

    async def _ended(self) -> int:
        """Its status, once it has ended; its log is kept short meanwhile."""
        assert self._process is not None
        while True:
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(self._process.wait(), LOG_LOOK)
            _shorten(self.log)


def _said(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"status {code}"


def _shorten(log: Path) -> None:
    """Keep one older log, so that a plant that runs for years does not fill the disk.

    Copied and emptied, not moved: who writes to it goes on, at its end.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        with contextlib.suppress(OSError):  # a full disk has no room for the older one
            shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)
