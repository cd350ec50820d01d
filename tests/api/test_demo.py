"""The demo as a newcomer starts it: everything running, then again without its past, then killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Demo:
    """One start of `demo` on a home."""

    def __init__(self, home: Path, *words: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        env = {name: value for name, value in os.environ.items() if not name.startswith("LINESIDE_")}
        env |= {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "LINESIDE_HOME": str(home)}
        env.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "api", "demo", "--port", str(self.port), "--days", "2", *words]
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def status(self, path: str) -> int | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as reply:
                return reply.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def wait_until_ready(self, seconds: float = 240) -> None:
        end = time.monotonic() + seconds
        while self.status("/readyz") != 200:
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < end, "not ready in time"
            time.sleep(0.2)


def left(home: Path) -> list[str]:
    """Processes that were started for this home."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            seen = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(home).encode() in seen and int(entry.name) != os.getpid():
            found.append(seen[:80].decode(errors="replace"))
    return found


@pytest.fixture
def start(home: Path) -> Iterator:
    demos: list[Demo] = []

    def begin(*words: str) -> Demo:
        demos.append(Demo(home, *words))
        return demos[-1]

    yield begin
    for demo in demos:
        demo.process.kill()
        demo.process.communicate()


@pytest.mark.timeout(600)
def test_the_demo_runs_stops_starts_again_and_dies_whole(start, home):
    first = start("--seconds", "25")
    first.wait_until_ready()
    assert first.status("/api/v1/losses") in (401, 403)
    second = start("--seconds", "1")
    out, errors = second.process.communicate(timeout=60)
    assert (second.process.returncode, out) == (1, "")
    assert f"process {first.process.pid} runs the plant there" in errors
    out, errors = first.process.communicate(timeout=120)
    assert first.process.returncode == 0, errors
    assert out.count("/sign-in?token=") == 2
    summary = json.loads(out.splitlines()[-1])
    assert summary["readings_stored"] == summary["readings_offered"] > 10_000
    assert summary["losses_opened"] > 0
    assert left(home) == []

    again = start()
    again.wait_until_ready()
    again.process.send_signal(signal.SIGKILL)
    _, errors = again.process.communicate()
    assert "Loading" not in errors
    end = time.monotonic() + 15
    while left(home) and time.monotonic() < end:
        time.sleep(0.2)
    assert left(home) == []
