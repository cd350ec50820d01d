"""A start that cannot go on says why and what to do, in one line, and keeps the rest in the log."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_INDEX = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_RETRIES": "1",
    "PIP_NO_CACHE_DIR": "1",
}


def last_line(seen) -> str:
    assert seen.returncode == 1
    assert "Traceback" not in seen.stderr
    return seen.stderr.splitlines()[-1]


def test_no_network(start, tmp_path):
    seen = start("probe", home=tmp_path / "home", **NO_INDEX)
    assert last_line(seen).startswith("lineside: The package index cannot be reached.")
    log = tmp_path / "home" / "log" / "install.log"
    assert str(log) in last_line(seen)
    assert "127.0.0.1" in log.read_text()


def test_no_venv_module(start):
    hide = "import importlib.util as u; u.find_spec = lambda name, *rest: None"
    assert "apt install python3-venv" in last_line(start("probe", before=hide))


def test_a_full_disk_is_said_before_anything_is_made(clone, start):
    full = "import shutil, types; shutil.disk_usage = lambda path: types.SimpleNamespace(free=80_000_000)"
    assert "has 0.1 GB free, 1.5 GB are needed" in last_line(start("probe", before=full))
    assert not (clone / ".venv").exists()


def test_a_disk_that_fills_up_meanwhile(start):
    full = "import os\ndef fill(path, **_): raise OSError(28, 'No space left on device', path)\nos.makedirs = fill"
    assert "No space left on device. Free 1.5 GB" in last_line(start("probe", before=full))


def test_a_home_that_cannot_be_made(start, tmp_path):
    (tmp_path / "file").write_text("")
    seen = start("probe", home=tmp_path / "file" / "home")
    assert "set LINESIDE_HOME to a folder that you can write" in last_line(seen)


READ_ONLY = "import os; may = os.access; os.access = lambda path, mode: False if path == {!r} else may(path, mode)"


def test_read_only_source_without_a_home(clone, start):
    seen = start("probe", before=READ_ONLY.format(str(clone)))
    assert last_line(seen).startswith(f"lineside: {clone} is read-only. Set LINESIDE_HOME to a folder that you can")


def test_read_only_source_with_a_home_installs_there(clone, start, tmp_path):
    start("probe", before=READ_ONLY.format(str(clone)), home=tmp_path / "home", **NO_INDEX)
    assert (tmp_path / "home" / ".venv" / "bin" / "python").exists()
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("error: Failed to install\n  Caused by: No space left on device (os error 28)", "The disk is full."),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "A package is not the one"),
        ("error: Failed to fetch: `https://…`\n  Caused by: dns error: failed to lookup", "The package index cannot"),
        ("ERROR: Could not install packages: [Errno 13] Permission denied: '/x'", "/x/.venv cannot be"),
        ("ERROR: No matching distribution found for onnxruntime==1.32.0", "The package index gives no build"),
        ("Segmentation fault", None),
    ],
)
def test_what_an_installer_says_becomes_what_to_do(said, told):
    launcher = runpy.run_path(str(ROOT / "lineside"))
    fault = launcher["Installation"]("/x/.venv", None, None).fault(said)
    assert (fault and fault[0].format(venv="/x/.venv").startswith(told)) is (told and True)
