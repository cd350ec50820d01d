"""The chart library for the browser, written once into the home: it takes seconds to make, so no page waits for it.

It is made by a process of its own (`python -m api.web.bundle HOME`): its maker would hold ours still meanwhile.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from mom.settings import ROOT


@asynccontextmanager
async def bundling(home: Path) -> AsyncIterator[None]:
    """Have the bundle made meanwhile, if there is none of the installed version."""
    if is_current(home):
        yield
        return
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "api.web.bundle", str(home), env=env)
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def write_bundle(home: Path) -> None:
    """`home/web/vega.js`, a module that sets `window.vegaEmbed`."""
    import vl_convert

    path = home / "web" / "vega.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"), encoding="utf-8")
    draft.rename(path)
    stamp_file(home).write_text(stamp())


def is_current(home: Path) -> bool:
    file = stamp_file(home)
    return file.exists() and file.read_text() == stamp()


def stamp_file(home: Path) -> Path:
    return home / "web" / "vega.stamp"


def stamp() -> str:
    """What a bundle of the installed version is known by."""
    return sha256(version("vl-convert-python").encode()).hexdigest()


if __name__ == "__main__":
    write_bundle(Path(sys.argv[1]))
