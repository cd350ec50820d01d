"""One real installation, with everything that can happen to it on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


def launch(clone: Path, folder: Path) -> subprocess.Popen[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LINESIDE_", "PYTHON"))}
    words = [sys.executable, str(clone / "lineside"), "probe"]
    return subprocess.Popen(words, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill_while_installing(clone: Path, folder: Path) -> None:
    first = launch(clone, folder)
    while not (clone / ".venv" / "bin").exists():
        assert first.poll() is None, first.communicate()
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert not (clone / ".venv" / "installed").exists()


def fastest(clone: Path, start) -> float:
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        assert start("probe").returncode == 0
        times.append(time.perf_counter() - begin)
    return min(times)


@pytest.mark.timeout(600)
def test_installing_killed_then_twice_at_once_then_not_again(clone, start, tmp_path):
    (tmp_path / "tools.py").write_text("raise SystemExit('shadowed')")
    kill_while_installing(clone, tmp_path)
    both = [launch(clone, tmp_path), launch(clone, tmp_path)]
    ended = [(process.communicate(timeout=500), process.returncode) for process in both]
    texts = [err for (_, err), _ in ended]
    if any("cannot be reached" in text for text in texts) and not os.environ.get("CI"):
        pytest.skip(f"no package index: {texts[0].splitlines()[-1]}")
    assert [code for _, code in ended] == [0, 0], texts
    assert any("Another start is installing already" in text for text in texts)  # both, while the orphan lives
    assert sum("Installing the packages ... done" in text for text in texts) == 1
    for (out, _), _ in ended:
        where = json.loads(out)
        assert where["cwd"] == str(tmp_path)
        assert where["tools"] == [str(clone / "tools")]
        assert where["python"].startswith(str(clone / ".venv"))
    assert fastest(clone, start) < 0.3 * 5
    assert start("probe").stderr == ""
    changed = clone / "requirements.lock"
    changed.write_text(changed.read_text() + "# changed\n")
    again = start("probe")
    assert again.returncode == 0
    assert "Making a Python environment" not in again.stderr
    assert "Installing the packages ... done" in again.stderr
