"""The supervisor of `demo` and `up`: one home, one address, the store, and ordinary processes over it kept alive."""

import asyncio
import http.client
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Self

from api.child import Child, Program
from api.claim import claimed
from api.watch import VARIABLE
from mom.database.access import Store, open_store
from mom.errors import Unavailable
from mom.settings import Settings

READY_WITHIN = 180.0
"""Seconds that the processes have to be ready after they were started."""
DEATHS_BEFORE_READY = 3
"""A process that dies this often before everything is ready will not come up by being started again."""


class Supervisor:
    """Claims the home and the port, opens the store, starts the children, and stops them in reverse.

    `async with Supervisor(settings).running() as supervisor: await supervisor.start(programs)`; whatever way the block
    is left, and also when this process is killed, nothing is left running.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.asked_to_stop = asyncio.Event()
        self.children: list[Child] = []
        self.store: Store
        self.address = settings.base_url
        self._log = settings.home / "log"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Raises InUse when the home or the port is taken, before anything was started."""
        with claimed(self.settings), self._listening_to_signals():
            starting = self.settings.home / "starting"
            starting.write_text("The database is being started.")
            try:
                async with open_store(self.settings, role="owner") as self.store, self._owning(), self._keeping_store():
                    yield self
            finally:
                starting.unlink(missing_ok=True)

    async def start(self, programs: Sequence[Program]) -> None:
        """Start them in this order; they are stopped in the reverse one."""
        for program in programs:
            child = Child(program, self._log / f"{program.name}.log", self._environment(), self._watch, tell)
            self.children.append(child)
            await child.start()

    async def stop(self) -> None:
        while self.children:
            await self.children.pop().stop()

    def say_starting(self, text: str) -> None:
        """What /readyz answers until `say_ready`: what is being done."""
        (self.settings.home / "starting").write_text(text)

    def say_ready(self) -> None:
        (self.settings.home / "starting").unlink(missing_ok=True)

    async def wait_until_ready(self) -> bool:
        """Wait for /readyz; False when we were asked to stop meanwhile. Raises Unavailable."""
        return await self.wait_for(lambda: asyncio.to_thread(_answers, self.settings.port), "the pages")

    async def wait_for(self, there: Callable[[], Awaitable[bool]], what: str) -> bool:
        """Wait until `there` says so; False when we were asked to stop meanwhile. Raises Unavailable.

        `what` is named in the error when it does not come, or when a process cannot be started.
        """
        clock = asyncio.get_running_loop().time
        end = clock() + READY_WITHIN
        while not await there():
            self._check_lives()
            if clock() > end:
                raise Unavailable(f"Waited {READY_WITHIN:g} s for {what}.", remedy=f"Read the logs in {self._log}.")
            if await self.sleep(0.1):
                return False
        return True

    async def once(self, program: Program) -> bool:
        """Run a program to its end, its words for the person before us. False when we were asked to stop meanwhile.

        Raises Unavailable when it fails.
        """
        env = {**self._environment(), **program.env, VARIABLE: str(self._watch)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *program.words, stdin=asyncio.subprocess.DEVNULL, stdout=sys.stderr, env=env,
            pass_fds=(self._watch,), start_new_session=True,
        )  # fmt: skip
        ended = asyncio.create_task(process.wait())
        asked = asyncio.create_task(self.asked_to_stop.wait())
        await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if not ended.done():
            process.kill()
            await ended
            return False
        if process.returncode:
            raise Unavailable(f"{program.name} failed.", remedy=f"Read the lines above and the logs in {self._log}.")
        return True

    async def sleep(self, seconds: float | None) -> bool:
        """Wait so long, or for ever; True as soon as we are asked to stop."""
        try:
            await asyncio.wait_for(self.asked_to_stop.wait(), seconds)
        except TimeoutError:
            return False
        return True

    @property
    def deaths(self) -> int:
        """How often a child had to be started again."""
        return sum(child.deaths for child in self.children)

    def _check_lives(self) -> None:
        for child in self.children:
            if child.deaths >= DEATHS_BEFORE_READY:
                raise Unavailable(f"The {child.program.name} process does not start.", remedy=f"Read {child.log}.")

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LINESIDE_HOME": str(self.settings.home),
            "LINESIDE_PORT": str(self.settings.port),
            "LINESIDE_PLANT": str(self.settings.plant),
        }

    @asynccontextmanager
    async def _owning(self) -> AsyncIterator[None]:
        """The pipe that the children watch: its writing end is ours alone, so it closes when we die."""
        self._watch, owner = os.pipe()
        try:
            yield
        finally:
            await self.stop()
            os.close(owner)
            os.close(self._watch)

    @asynccontextmanager
    async def _keeping_store(self) -> AsyncIterator[None]:
        """Have the database started again should its keeper be killed."""

        async def keep() -> None:
            while self.store.server is not None:
                await asyncio.sleep(2)
                try:
                    await asyncio.to_thread(self.store.server.ensure)
                except Unavailable as error:
                    tell(f"The database: {error}")

        task = asyncio.create_task(keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        """Ctrl-C or SIGTERM: stop in order. A second one: at once, the children see it and follow."""

        def asked() -> None:
            if self.asked_to_stop.is_set():
                os._exit(130)
            tell("Stopping; once more to stop at once.")
            self.asked_to_stop.set()

        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        for number in numbers:
            loop.add_signal_handler(number, asked)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)


def _answers(port: int) -> bool:
    """Whether the web process says that everything is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def tell(line: str) -> None:
    """A line for the person who started us; standard output belongs to the results."""
    print(line, file=sys.stderr, flush=True)
