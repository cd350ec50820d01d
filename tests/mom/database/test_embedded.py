"""The life of a home's server: joined, shared, left, and started again over whatever was left behind."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from mom.database.embedded import CODE, EmbeddedServer
from mom.errors import BadInput, InUse, Unavailable

VISIT = """
import os, sys, psycopg
from pathlib import Path
from mom.database.embedded import EmbeddedServer
with EmbeddedServer(Path(sys.argv[1])) as server, psycopg.connect(server.dsn()) as connection:
    print(connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()[0])
    print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0])
"""


def test_it_lives_as_long_as_somebody_uses_it(home, left, ask):
    first, second = EmbeddedServer(home), EmbeddedServer(home)
    first.start()
    second.start()
    ask(first, "CREATE TABLE kept AS SELECT 7 AS value")
    first.stop()
    assert ask(second, "SELECT value FROM kept") == 7
    socket_folder = Path(second.places.read_facts()["socket"])
    second.stop()
    assert left(second) == []
    assert not socket_folder.exists()
    assert second.places.read_facts() is None
    with first:
        assert ask(first, "SELECT value FROM kept") == 7


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


def test_a_second_owner_is_told_who_has_the_home(home, ask):
    with EmbeddedServer(home, sole_owner=True):
        with pytest.raises(InUse, match=f"in use by the process {os.getpid()}"):
            EmbeddedServer(home, sole_owner=True).start()
        with EmbeddedServer(home) as command:  # a command only joins
            assert ask(command, "SELECT 1") == 1
    with EmbeddedServer(home, sole_owner=True):
        pass


def test_what_was_left_behind_is_no_obstacle(home, ask):
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
        assert ask(server, "SELECT 1") == 1


def test_a_long_home_and_a_name_with_signs(home, ask):
    long = home / ("a long name, with 'signs' & \"quotes\" " * 3) / ("b" * 100)
    with EmbeddedServer(long) as server:
        assert ask(server, "SELECT 1") == 1


def test_three_roles(home, ask):
    with EmbeddedServer(home) as server:
        for role, dsn in (
            ("lineside", server.dsn()),
            ("lineside_reader", server.reader_dsn),
            ("postgres", server.admin_dsn),
        ):
            assert ask(server, "SELECT current_user", dsn) == role
        assert ask(server, "SELECT rolsuper FROM pg_roles WHERE rolname = 'lineside'") is False
        assert ask(server, "SELECT '[1,2]'::vector::text") == "[1,2]"


def test_nobody_else_gets_in(home, ask):
    with EmbeddedServer(home) as server:
        facts = server.places.read_facts()
        assert Path(facts["socket"]).stat().st_mode & 0o077 == 0
        assert Path(facts["data"]).stat().st_mode & 0o077 == 0
        assert server.places.facts.stat().st_mode & 0o077 == 0
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW fsync") == "on"


def test_a_disk_that_is_full(home, ask):
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
        assert ask(server, "SELECT 1") == 1


def test_a_long_log_is_put_aside(home):
    server = EmbeddedServer(home)
    server.places.prepare()
    server.places.log.touch()
    os.truncate(server.places.log, 11 * 2**20)
    with server:
        pass
    assert server.places.log.stat().st_size < 2**20
    assert server.places.log.with_suffix(".log.1").stat().st_size >= 11 * 2**20


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
