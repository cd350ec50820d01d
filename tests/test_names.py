"""Our top-level names (`tools`, `agents`, …) are common ones: each must be found here and nowhere else."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMES = ["mom", "connectors", "tools", "agents", "prompts", "api", "evals", "simulator", "bench"]


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_found_here(name):
    if not (ROOT / name).is_dir():
        pytest.skip(f"{name}/ is not there yet")
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert {Path(place) for place in spec.submodule_search_locations or []} == {ROOT / name}


def test_no_installed_distribution_brings_one_of_them():
    installed = [Path(place) for place in sys.path if place.endswith("site-packages")]
    assert installed
    assert not [place / name for place in installed for name in NAMES if (place / name).exists()]


def test_a_file_in_the_callers_folder_shadows_nothing(tmp_path):
    (tmp_path / "mom.py").write_text("raise SystemExit('shadowed')")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    words = [sys.executable, "-m", "api", "nonsense"]
    seen = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert seen.returncode == 2 and "no command 'nonsense'" in seen.stderr
