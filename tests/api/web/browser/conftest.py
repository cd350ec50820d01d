"""A real Chromium, and a demo plant that runs for one story."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from api.commands.test import find_browser

ROOT = Path(__file__).resolve().parents[4]
READY_S = 400
"""A generous wait: machines that run tests are busy."""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium; without one the test is skipped (in CI: fails)."""
    path = find_browser()
    if path is None:
        said = "no Chromium here: install one (Debian: apt-get install chromium)"
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    async with async_playwright() as playwright:
        words = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        running = await playwright.chromium.launch(executable_path=path, args=words)
        yield running
        await running.close()


@dataclass
class Demo:
    """A demo that runs: its address, its home, and a sign-in link for each who was greeted."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    links: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if "/sign-in?token=" in line:
                words = line.split()
                self.links[words[3]] = words[-1]

    def read_errors(self) -> None:
        assert self.process.stderr
        self.errors.extend(self.process.stderr)


@pytest.fixture
def demo(home: Path) -> Iterator[Demo]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LINESIDE_", "OPENAI_"))}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "LINESIDE_HOME": str(home)}
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "api", "demo", "--port", str(port), "--days", "3"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    running = Demo(f"http://127.0.0.1:{port}", home, process)
    for target in (running.read, running.read_errors):
        threading.Thread(target=target, daemon=True).start()
    try:
        end = time.monotonic() + READY_S
        while len(running.links) < 2:
            assert process.poll() is None, "".join(running.errors)
            assert time.monotonic() < end, "not ready in time: " + "".join(running.errors)
            time.sleep(0.2)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
