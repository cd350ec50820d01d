"""How soon the command is there: `--help` against the bare interpreter, a store that is joined or started."""

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.bench import Bench, Row
from mom.database.embedded import EmbeddedServer
from mom.settings import ROOT

ROUNDS = 15


def _median(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _command(words: Sequence[str]) -> Callable[[], object]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    return lambda: subprocess.run(words, check=True, capture_output=True, env=environment, timeout=60)


def start() -> list[Row]:
    """Help, and the warm start of the built-in database."""
    bare = _median(_command([sys.executable, "-c", "pass"]))
    helped = _median(_command([sys.executable, str(ROOT / "lineside"), "--help"]))
    return [
        _row("./lineside --help", helped, "python -c pass", bare, "<= 10"),
        _row("warm start of the database", _warm_start(), "python -c pass", bare, "<= 5"),
    ]


def _warm_start() -> float:
    """Seconds until a database that was there before takes a connection."""
    folder = Path(tempfile.mkdtemp(prefix="lineside-bench-"))
    folder.chmod(0o711)
    try:
        times = []
        for _ in range(4):
            server = EmbeddedServer(folder / "home")
            begun = time.perf_counter()
            server.start()
            times.append(time.perf_counter() - begun)
            server.stop()
        return statistics.median(times[1:])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _row(name: str, value: float, baseline: str, base: float, aim: str) -> Row:
    return {
        "name": name,
        "value": round(value, 4),
        "unit": "s",
        "baseline": baseline,
        "baseline_value": round(base, 4),
        "ratio": round(value / base, 2),
        "aim": aim,
    }


async def run() -> list[Row]:
    return await asyncio.to_thread(start)


bench = Bench("start", run)
