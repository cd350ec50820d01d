"""The supervisor over real processes: kept alive, stopped in order, and gone with their owner, however it dies."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import os, signal, sys, time
from api.watch import watch_owner
watch_owner()
name = sys.argv[1]
def end(*_):
    open(os.environ["ENDS"], "a").write(name + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if name == "stubborn" else end)
print("here", os.getpid(), flush=True)
while True:
    time.sleep(0.05)
"""
OWNER = """
import asyncio, json, sys
from api.child import Program
from api.supervisor import Supervisor
from mom.errors import LinesideError
from mom.settings import read_settings

CHILD = {child!r}

async def main(names):
    async with Supervisor(read_settings()).running() as supervisor:
        await supervisor.start([Program(name, ("-c", CHILD, name)) for name in names])
        while True:
            pids = {{child.program.name: child.pid for child in supervisor.children}}
            print(json.dumps({{"pids": pids, "deaths": supervisor.deaths}}), flush=True)
            if await supervisor.sleep(0.2):
                return

try:
    asyncio.run(main(sys.argv[1:]))
except LinesideError as error:
    sys.exit(str(error))
"""


class Owner:
    """A supervisor in a process of its own."""

    def __init__(self, home: Path, port: int, *names: str) -> None:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "LINESIDE_HOME": str(home), "LINESIDE_PORT": str(port)}
        env["ENDS"] = str(home / "ends")
        env.pop("DATABASE_URL", None)
        words = [sys.executable, "-P", "-c", OWNER.format(child=CHILD), *names]
        self.home = home
        self.process = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def says(self) -> dict:
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        return json.loads(line)

    def says_until(self, true: Callable[[dict], bool]) -> dict:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            said = self.says()
            if true(said):
                return said
        raise AssertionError(said)

    def wait_for(self, *names: str, times: int = 1) -> None:
        """Until these children have said that they are there, so often."""
        logs = [self.home / "log" / f"{name}.log" for name in names]
        self.says_until(lambda _: all(log.exists() and log.read_text().count("here") == times for log in logs))

    def left(self) -> list[str]:
        """Processes that carry this home in their environment, working folder or command line."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                seen = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                if str(self.home).encode() in seen + os.fsencode(os.readlink(entry / "cwd")):
                    found.append((entry / "cmdline").read_bytes().decode(errors="replace"))
            except OSError:
                continue
        return found


@pytest.fixture
def own(home: Path, free_port: int) -> Iterator[Callable[..., Owner]]:
    owners: list[Owner] = []

    def start(*names: str, port: int = free_port) -> Owner:
        owners.append(Owner(home, port, *names))
        return owners[-1]

    home.mkdir()
    yield start
    for owner in owners:
        owner.process.kill()
        owner.process.communicate()


def gone_within(owner: Owner, seconds: float) -> list[str]:
    end = time.monotonic() + seconds
    while owner.left() and time.monotonic() < end:
        time.sleep(0.1)
    return owner.left()


def test_a_child_that_dies_is_started_again(own):
    owner = own("web", "worker")
    owner.wait_for("web", "worker")
    first = owner.says()["pids"]
    os.kill(first["web"], signal.SIGKILL)
    later = owner.says_until(lambda said: said["deaths"] == 1 and said["pids"]["web"])
    assert later["pids"]["web"] != first["web"]
    assert later["pids"]["worker"] == first["worker"]
    owner.wait_for("web", times=2)


def test_stopping_ends_all_in_reverse_order(own):
    owner = own("web", "worker", "collector")
    owner.wait_for("web", "worker", "collector")
    owner.process.send_signal(signal.SIGTERM)
    _, errors = owner.process.communicate(timeout=30)
    assert owner.process.returncode == 0, errors
    assert (owner.home / "ends").read_text().split() == ["collector", "worker", "web"]
    assert gone_within(owner, 5) == []
    assert not (owner.home / "starting").exists()


def test_the_owners_death_leaves_nothing_running(own):
    owner = own("web", "stubborn")
    owner.wait_for("web", "stubborn")
    assert len(owner.left()) >= 4  # itself, two children, the database
    owner.process.kill()
    owner.process.wait()
    assert gone_within(owner, 15) == []


def test_a_second_start_on_the_home_says_who_has_it(own, free_port):
    first = own("web")
    first.says()
    second = own("web", port=free_port + 1 if free_port < 65000 else free_port - 1)
    _, errors = second.process.communicate(timeout=60)
    assert second.process.returncode == 1
    assert f"process {first.process.pid} runs the plant there and serves http://127.0.0.1:{free_port}" in errors
    assert "Traceback" not in errors


def test_a_taken_port_is_said_before_anything_starts(own):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        owner = own("web", port=port)
        _, errors = owner.process.communicate(timeout=60)
    assert owner.process.returncode == 1
    assert f"Port {port} cannot be used" in errors
    assert not (owner.home / "database").exists()
