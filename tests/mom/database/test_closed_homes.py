"""As root: homes and programs that the server's own user cannot enter, and an ordinary user beside."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mom.database.account import public_folder, server_account
from mom.database.binaries import PACKAGE, programs, programs_for
from mom.database.embedded import CODE, EmbeddedServer
from mom.errors import Unavailable

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")


@pytest.fixture
def closed(home) -> Iterator[EmbeddedServer]:
    """A home in a folder that only root may enter; what it leaves outside is removed."""
    home.mkdir()
    home.chmod(0o700)
    server = EmbeddedServer(home / "inner")
    yield server
    for folder in public_folder().glob(f"home-{server.places.tag}*"):
        shutil.rmtree(folder)


def test_a_home_that_the_servers_user_cannot_reach(home, closed, ask):
    with closed:
        ask(closed, "CREATE TABLE kept AS SELECT 7 AS value")
        data = Path(closed.places.read_facts()["data"])
    assert home.stat().st_mode & 0o777 == 0o700  # nobody's rights were changed
    assert data.is_relative_to(public_folder())
    with closed:
        assert ask(closed, "SELECT value FROM kept") == 7
    home.chmod(0o711)
    with closed:  # once chosen, the place stays
        assert ask(closed, "SELECT value FROM kept") == 7
    shutil.rmtree(home / "inner")
    home.chmod(0o700)
    with closed:  # the home was destroyed: a new one does not take over old data, nor remove them
        assert ask(closed, "SELECT to_regclass('kept')") is None
    assert data.exists()


def test_data_elsewhere_that_are_gone_are_not_replaced_by_none(home, closed):
    with closed:
        data = Path(closed.places.read_facts()["data"])
    shutil.copytree(home / "inner", home / "copy")
    with pytest.raises(Unavailable, match="is a copy of .*inner"):
        EmbeddedServer(home / "copy").start()
    (home / "inner").rename(home / "moved")
    with EmbeddedServer(home / "moved") as moved:
        assert moved.places.read_facts()["data"] == str(data)
    shutil.rmtree(data.parent)
    with pytest.raises(Unavailable, match="which is gone. Bring it back, or restore a backup"):
        moved.start()


def test_a_home_that_was_closed_later(home):
    with EmbeddedServer(home):
        pass
    home.parent.chmod(0o700)
    with pytest.raises(Unavailable, match=r"cannot be reached by \w+, the user whom the database runs as.*chmod o"):
        EmbeddedServer(home).start()


def test_programs_that_the_servers_user_cannot_reach(home):
    site = home / "site-packages"
    home.mkdir()
    home.chmod(0o700)
    for name in (f"{PACKAGE}/pginstall", f"{PACKAGE}.libs"):
        shutil.copytree(programs().parents[2] / name, site / name)
    copy = programs_for(server_account(), site / PACKAGE / "pginstall" / "bin")
    said = subprocess.run([copy / "psql", "--version"], user="nobody", capture_output=True, text=True, check=True)
    assert said.stdout.startswith("psql (PostgreSQL) 18")
    assert programs_for(server_account(), site / PACKAGE / "pginstall" / "bin") == copy
    assert copy.is_relative_to(public_folder())


def test_as_an_ordinary_user(home):
    python = Path("/usr/bin/python3")
    test = [
        python,
        "-c",
        "import sys; sys.path.insert(0, sys.argv[1]); import mom.errors; assert sys.version_info >= (3, 11)",
    ]
    if not python.exists() or subprocess.run([*test, CODE], user="nobody", cwd="/", capture_output=True).returncode:
        pytest.skip("no Python that an ordinary user may run, or code that it may not read")
    home.mkdir()
    home.chmod(0o777)
    use = (
        "import sys; from pathlib import Path; from mom.database.embedded import EmbeddedServer\n"
        "with EmbeddedServer(Path(sys.argv[1])) as server: print(Path(server.places.read_facts()['data']).owner())"
    )
    path = f"{CODE}:{programs().parents[2]}"
    said = subprocess.run(
        [python, "-c", use, home / "inner"],
        user="nobody",
        group=65534,
        cwd="/",
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert said.stdout == "nobody\n", said.stderr
