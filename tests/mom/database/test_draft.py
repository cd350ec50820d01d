"""The next migration is drafted from the models, beside nothing that runs."""

import shutil
import subprocess
import sys
from pathlib import Path

from mom.database.embedded import CODE
from mom.database.migrate import VERSIONS, head


def test_a_draft_is_the_next_number_and_loads(home: Path):
    copy = home / "code"
    home.mkdir()
    shutil.copytree(CODE / "mom", copy / "mom", ignore=shutil.ignore_patterns("__pycache__"))
    words = [sys.executable, "-m", "mom.migrations.draft", "A new thing"]
    subprocess.run(words, cwd=copy, env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True)
    number = f"{int(head()) + 1:04d}"
    made = copy / "mom" / "migrations" / "versions" / f"{number}_a_new_thing.py"
    assert f'down_revision: str | None = "{head()}"' in made.read_text()
    compile(made.read_text(), made, "exec")
    assert not list(VERSIONS.glob(f"{number}_*"))
