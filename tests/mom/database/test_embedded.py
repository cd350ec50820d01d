"""The life of a home's server: joined, shared, left, and started again over whatever was left behind."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from mom.database.account import public_folder, server_account
from mom.database.binaries import PACKAGE, programs, programs_for
from mom.database.embedded import CODE, EmbeddedServer
from mom.errors import BadInput, InUse, Unavailable

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
VISIT = """
import os, sys, psycopg
from pathlib import Path
from mom.database.embedded import EmbeddedServer
with EmbeddedServer(Path(sys.argv[1])) as server, psycopg.connect(server.dsn()) as connection:
    print(connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()[0])
    print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0])
"""


def query(server: EmbeddedServer, statement: str, dsn: str = "") -> object:
    with psycopg.connect(dsn or server.dsn(), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def test_it_lives_as_long_as_somebody_uses_it(home, left):
    first, second = EmbeddedServer(home), EmbeddedServer(home)
    first.start()
    second.start()
    query(first, "CREATE TABLE kept AS SELECT 7 AS value")
    first.stop()
    assert query(second, "SELECT value FROM kept") == 7
    socket_folder = Path(second.places.read_facts()["socket"])
    second.stop()
    assert left(second) == []
    assert not socket_folder.exists()
    assert second.places.read_facts() is None
    with first:
        assert query(first, "SELECT value FROM kept") == 7


def test_many_at_once_share_one_server(home, left):
    words = [sys.executable, "-c", VISIT, str(home)]
    with EmbeddedServer(home) as server:  # so that all of them meet the same life of it
        programs = [subprocess.Popen(words, cwd=CODE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
        said = {program.communicate()[0] for program in programs}
    assert len(said) == 1
    assert left(server) == []


def test_many_at_once_on_a_new_home_make_one_database(home, left):
    words = [sys.executable, "-c", VISIT, str(home)]
    programs = [subprocess.Popen(words, cwd=CODE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {program.communicate()[0].splitlines()[0] for program in programs}
    assert len(said) == 1
    assert left(EmbeddedServer(home)) == []


def test_a_second_owner_is_told_who_has_the_home(home):
    with EmbeddedServer(home, sole_owner=True):
        with pytest.raises(InUse, match=f"in use by the process {os.getpid()}"):
            EmbeddedServer(home, sole_owner=True).start()
        with EmbeddedServer(home) as command:  # a command only joins
            assert query(command, "SELECT 1") == 1
    with EmbeddedServer(home, sole_owner=True):
        pass


def test_what_was_left_behind_is_no_obstacle(home):
    server = EmbeddedServer(home)
    with server:
        facts = server.places.read_facts()
    data, socket_folder = Path(facts["data"]), Path(facts["socket"])
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n{socket_folder}\n\n 1 1\nready\n")
    socket_folder.mkdir()
    (socket_folder / ".s.PGSQL.5432").touch()
    (socket_folder / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n{data}\n1\n5432\n{socket_folder}\n")
    for name in ("start", "users", "keeper", "server", "owner"):
        server.places.lock(name).write_text("99999\n")
    server.places.write_facts(facts)
    (data.with_name("data.new")).mkdir()
    with server:
        assert query(server, "SELECT 1") == 1


def test_a_long_home_and_a_name_with_signs(home):
    long = home / ("a long name, with 'signs' & \"quotes\" " * 3) / ("b" * 100)
    with EmbeddedServer(long) as server:
        assert query(server, "SELECT 1") == 1


def test_three_roles(home):
    with EmbeddedServer(home) as server:
        for role, dsn in (
            ("lineside", server.dsn()),
            ("lineside_reader", server.reader_dsn),
            ("postgres", server.admin_dsn),
        ):
            assert query(server, "SELECT current_user", dsn) == role
        assert query(server, "SELECT rolsuper FROM pg_roles WHERE rolname = 'lineside'") is False
        assert query(server, "SELECT '[1,2]'::vector::text") == "[1,2]"


def test_nobody_else_gets_in(home):
    with EmbeddedServer(home) as server:
        facts = server.places.read_facts()
        assert Path(facts["socket"]).stat().st_mode & 0o077 == 0
        assert Path(facts["data"]).stat().st_mode & 0o077 == 0
        assert server.places.facts.stat().st_mode & 0o077 == 0
        assert query(server, "SHOW listen_addresses") == ""
        assert query(server, "SHOW fsync") == "on"


@as_root
def test_a_home_that_the_servers_user_cannot_reach(home):
    home.mkdir()
    home.chmod(0o700)
    closed = EmbeddedServer(home / "inner")
    with closed:
        query(closed, "CREATE TABLE kept AS SELECT 7 AS value")
        data = Path(closed.places.read_facts()["data"])
    assert home.stat().st_mode & 0o777 == 0o700  # nobody's rights were changed
    assert data.is_relative_to(public_folder())
    with closed:
        assert query(closed, "SELECT value FROM kept") == 7
    subprocess.run(["rm", "-r", home / "inner"], check=True)
    with closed:  # the home was destroyed: a new one never takes over old data, nor removes them
        assert query(closed, "SELECT to_regclass('kept')") is None
    homes = list(public_folder().glob(f"home-{closed.places.tag}*"))
    assert len(homes) == 2
    subprocess.run(["rm", "-r", *homes], check=True)


@as_root
def test_programs_that_the_servers_user_cannot_reach(home):
    site = home / "site-packages"
    home.mkdir()
    home.chmod(0o700)
    for name in (f"{PACKAGE}/pginstall", f"{PACKAGE}.libs"):
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-al", programs().parents[2] / name, target], check=True)
    copy = programs_for(server_account(), site / PACKAGE / "pginstall" / "bin")
    said = subprocess.run([copy / "psql", "--version"], user="nobody", capture_output=True, text=True, check=True)
    assert said.stdout.startswith("psql (PostgreSQL) 18")
    assert programs_for(server_account(), site / PACKAGE / "pginstall" / "bin") == copy
    subprocess.run(["rm", "-r", copy.parents[2], copy.parents[2].with_suffix(".lock")], check=True)


@as_root
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


def test_a_disk_that_is_full(home):
    use = (
        "import sys; from pathlib import Path; from mom.database.embedded import EmbeddedServer\n"
        "EmbeddedServer(Path(sys.argv[1])).start()"
    )
    said = subprocess.run(
        [sys.executable, "-c", use, home],
        cwd=CODE,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20)),
    )
    assert "The database could not be made (initdb)" in said.stderr
    assert "Free some disk space" in said.stderr
    with EmbeddedServer(home) as server:  # with room again, it is made
        assert query(server, "SELECT 1") == 1


def test_a_home_that_cannot_be_made(home):
    home.write_text("a file is in the way")
    with pytest.raises(BadInput, match="Set LINESIDE_HOME"):
        EmbeddedServer(home).start()


def test_data_of_another_version(home):
    with EmbeddedServer(home) as server:
        data = Path(server.places.read_facts()["data"])
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(Unavailable, match="of PostgreSQL 17, the program brings 18"):
        server.start()


def test_the_order_to_the_keeper_carries_no_secret(home, left):
    with EmbeddedServer(home) as server:
        lines = [line for line in left(server) if "keeper" in line]
        assert len(lines) == 1
        order = json.loads(lines[0].split("keeper ", 1)[1])
        assert set(order) == {"home", "programs", "settings"}
