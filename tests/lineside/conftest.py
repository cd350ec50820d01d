"""A fresh clone in a folder with a space, and ways to start it under circumstances of our choice."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBE = '''"""Says where it runs, for the tests."""

import json
import os
import sys


def arguments(parser):
    parser.add_argument("--fail", choices=["expected", "unexpected", "interrupted"])


def run(args):
    if args.fail == "expected":
        from mom.errors import NotFound
        raise NotFound("There is no line 'L9'.", remedy="`lineside query lines` lists them.")
    if args.fail == "unexpected":
        raise ZeroDivisionError("a fault of ours")
    if args.fail == "interrupted":
        raise KeyboardInterrupt
    import tools
    print(json.dumps({"cwd": os.getcwd(), "tools": list(tools.__path__), "python": sys.executable}))
    return 0
'''


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The tracked files, as a newcomer gets them, with one more command: `probe`."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folder = tmp_path / "a new clone"
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / "api" / "commands" / "probe.py").write_text(PROBE)
    return folder


Start = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def start(clone: Path, tmp_path: Path) -> Start:
    """Runs the clone's command from another folder; `before` is Python that runs first, in the same process."""

    def run(*words: str, before: str = "", home: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        launcher = str(clone / "lineside")
        argv = [launcher, *words]
        code = f"import runpy, sys\nsys.argv = {argv!r}\n{before}\nrunpy.run_path({launcher!r}, run_name='__main__')"
        given = {name: value for name, value in os.environ.items() if not name.startswith(("LINESIDE_", "PYTHON"))}
        given |= env | ({"LINESIDE_HOME": str(home)} if home else {})
        command = [sys.executable, "-c", code] if before else [sys.executable, *argv]
        return subprocess.run(command, cwd=tmp_path, env=given, capture_output=True, text=True, check=False)

    return run
