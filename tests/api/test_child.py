"""A child's log stays short while it runs, and when it is started again, however long the supervisor lives."""

import asyncio
import os

import pytest

from api import child as module
from api.child import Child, Program

TALKS = "import time\nwhile True:\n    print('x' * 99, flush=True)\n    time.sleep(0.001)"
DIES = "print('x' * 2000)"


@pytest.fixture
async def grown(tmp_path, monkeypatch, until):
    """`await grown(code)`: a child that runs it, once its log has been shortened."""
    monkeypatch.setattr(module, "LARGEST_LOG", 1000)
    monkeypatch.setattr(module, "LOG_LOOK", 0.1)
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.05)
    read, write = os.pipe()
    children = []

    async def run(code):
        children.append(Child(Program("c", ("-c", code)), tmp_path / "c.log", dict(os.environ), read, lambda _: None))
        await children[-1].start()
        await until((tmp_path / "c.log.1").exists)
        return children[-1]

    yield run
    for child in children:
        await child.stop()
    os.close(read)
    os.close(write)


@pytest.fixture
def until():
    async def wait(true):
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.02)

    return wait


async def test_a_log_is_shortened_while_its_child_runs(grown, until):
    child = await grown(TALKS)
    await until(lambda: child.log.stat().st_size > 0)
    assert child.deaths == 0
    assert child.log.read_bytes().startswith(b"x")  # it goes on where the emptied file ends
    assert child.log.with_suffix(".log.1").stat().st_size > 1000


async def test_a_log_is_shortened_when_its_child_is_started_again(grown, monkeypatch):
    monkeypatch.setattr(module, "LOG_LOOK", 60.0)
    child = await grown(DIES)
    assert child.deaths > 0
