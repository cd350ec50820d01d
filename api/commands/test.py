"""Checks the code and runs every test; arguments go to pytest."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

NEEDS_DEVELOPMENT_SET = True
ROOT = Path(__file__).resolve().parent.parent.parent
CHECKS = {
    "Style (ruff)": ["ruff", "check", "--quiet", "."],
    "Types (mypy, strict)": ["mypy", "--no-error-summary"],
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "lineside test [-h] [arguments of pytest, which then runs alone ...]"
    parser.set_defaults(passed_on=[])


def run(args: argparse.Namespace) -> int:
    """Without arguments everything is checked, and every check runs even if one before it failed."""
    if args.passed_on:
        return pytest(args.passed_on, prepare=False)
    failed = [label for label, words in CHECKS.items() if not passes(label, words)]
    status = pytest(["-n", "2"], prepare=True)
    if failed:
        print(f"Failed besides: {', '.join(failed)}.", file=sys.stderr)
    return status or int(bool(failed))


def passes(label: str, words: list[str]) -> bool:
    start = time.monotonic()
    code = subprocess.call([sys.executable, "-m", *words], cwd=ROOT)
    print(f"{label}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - start:.1f} s", flush=True)
    return code == 0


def pytest(words: list[str], *, prepare: bool) -> int:
    """pytest's own exit status; what it prints is the last that is seen."""
    if prepare:
        install_browser()
    settings = [f"--rootdir={ROOT}", f"--config-file={ROOT / 'pyproject.toml'}"]
    return subprocess.call([sys.executable, "-m", "pytest", *settings, *words], cwd=ROOT)


def find_browser() -> str | None:
    """The Chromium that browser tests drive; None when this machine has none (then they skip, in CI they fail)."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def install_browser() -> None:
    """Debian's Chromium for the browser tests, when it is missing and we may install it."""
    if find_browser() or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    start = time.monotonic()
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]
    done = quietly(["apt-get", "update", "-qq"]) and quietly(install)
    outcome = "installed" if done else "could not be installed"
    print(f"Chromium: {outcome} in {time.monotonic() - start:.1f} s", flush=True)


def quietly(words: list[str]) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.call(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
