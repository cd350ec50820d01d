"""A backup while everything runs on, the home destroyed, and all of it back: counts, digests and files are equal."""

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from mom.database.backup import back_up
from mom.database.contents import contents
from mom.database.embedded import CODE, EmbeddedServer
from mom.database.restore import restore
from mom.errors import BadInput, Conflict, Unavailable

NOW = datetime(2026, 8, 23, 14, 0, tzinfo=UTC)
ROWS = """
INSERT INTO sites (code, name, plant) VALUES ('plant', 'Größe „ß“ 工場 🏭', '{"a": [1, 2.5, null]}');
INSERT INTO users (name, roles, password_hash) VALUES ('eva', '{supervisor,"a, b"}', '$argon2id$secret');
INSERT INTO readings (tag_id, at, received_at, number, text)
SELECT 1, timestamptz '2026-08-01' + number * interval '1 minute', now(), random(), NULL
FROM generate_series(1, 50000) AS number;
INSERT INTO readings (tag_id, at, received_at, number, text) VALUES
(2, '1987-01-01', now(), 'NaN', NULL), (2, '2026-08-01', now(), '-Infinity', NULL),
(2, '2026-08-02', now(), 5e-324, NULL),
(2, '2026-08-03', now(), NULL, E'tab\t, newline\n, backslash \\\\ and \\.');
INSERT INTO passages (site_id, subject, kind, body, embedding)
SELECT 1, 'note:' || number, 'note', 'the capper jammed', array_fill(random(), ARRAY[384])::halfvec(384)
FROM generate_series(1, 20) AS number;
"""


def quiet(step: str, detail: str) -> None:
    pass


def counted(dsn: str) -> dict:
    with psycopg.connect(dsn) as connection:
        return contents(connection, quiet)


@pytest.fixture
def filled(database_dsn) -> str:
    with psycopg.connect(database_dsn) as connection:
        connection.execute(ROWS)
    return database_dsn


@pytest.fixture
def folder(home) -> Path:
    home.mkdir()
    return home


@pytest.fixture
def backup(filled, folder, tmp_path) -> Path:
    file = tmp_path / "plant.backup"
    back_up(filled, folder, file, NOW, quiet)
    return file


def test_a_store_and_its_home_come_back(filled, empty_database, folder, tmp_path):
    (folder / "trust").mkdir()
    (folder / "trust" / "plc.pem").write_text("a certificate")
    (folder / "secrets.json").write_text("{}")
    (folder / "secrets.json").chmod(0o600)
    (folder / "spool").mkdir()
    with closing(sqlite3.connect(folder / "spool" / "plant.db")) as spool:  # held open: its rows are in the -wal file
        spool.execute("PRAGMA journal_mode = WAL")
        spool.execute("CREATE TABLE entries AS SELECT 7 AS body")
        spool.commit()
        manifest = back_up(filled, folder, tmp_path / "plant.backup", NOW, quiet)
    before = counted(filled)
    assert manifest.tables == before
    assert before["readings"].rows == 50_004
    assert (tmp_path / "plant.backup").stat().st_mode & 0o077 == 0
    shutil.rmtree(folder)
    folder.mkdir()
    result = restore(empty_database, folder, tmp_path / "plant.backup", NOW, quiet)
    assert result.different == []
    assert counted(empty_database) == before
    assert (folder / "trust" / "plc.pem").read_text() == "a certificate"
    with closing(sqlite3.connect(folder / "spool" / "plant.db")) as spool:
        assert spool.execute("SELECT body FROM entries").fetchall() == [(7,)]
    assert sorted(path.name for path in folder.iterdir()) == ["secrets.json", "spool", "trust"]
    assert (folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    with psycopg.connect(empty_database) as connection:  # numbers go on where they were, searches and months work
        assert connection.execute("INSERT INTO sites (code, name) VALUES ('b', 'B') RETURNING id").fetchone() == (2,)
        assert connection.execute("SELECT ensure_readings_month('2031-05-01')").fetchone() == (True,)


def test_it_is_of_one_moment_while_others_write(filled, empty_database, folder, tmp_path):
    stop, written = threading.Event(), []

    def write() -> None:
        with psycopg.connect(filled, autocommit=True) as connection:
            while not stop.is_set():
                connection.execute("INSERT INTO events (site_id, kind, subject) VALUES (1, 'tick', 'x')")
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    manifest = back_up(filled, folder, tmp_path / "plant.backup", NOW, quiet)
    stop.set()
    writer.join()
    assert manifest.tables["events"].rows < len(written)
    assert restore(empty_database, folder, tmp_path / "plant.backup", NOW, quiet).different == []


def test_a_store_with_rows_is_replaced_only_when_told_to(backup, database_dsn, filled, folder):
    with psycopg.connect(filled) as connection:
        connection.execute("UPDATE sites SET name = 'newer'")
        connection.execute("CREATE TABLE of_the_future (a int)")
    with pytest.raises(Conflict, match="has rows, which would be lost. Add --replace"):
        restore(filled, folder, backup, NOW, quiet)
    assert restore(filled, folder, backup, NOW, quiet, replace=True).different == []
    with psycopg.connect(filled) as connection:
        assert connection.execute("SELECT count(*) FROM sites WHERE name = 'newer'").fetchone() == (0,)
        assert connection.execute("SELECT to_regclass('of_the_future')").fetchone() == (None,)


def test_files_that_are_replaced_are_kept(filled, folder, tmp_path):
    (folder / "spool").mkdir()
    (folder / "spool" / "plant.db").write_text("old")
    back_up(filled, folder, tmp_path / "plant.backup", NOW, quiet)
    (folder / "spool" / "plant.db").write_text("taken since")
    restore(filled, folder, tmp_path / "plant.backup", NOW, quiet, replace=True)
    assert (folder / "spool" / "plant.db").read_text() == "old"
    assert (folder / "before-restore-20260823T140000" / "spool" / "plant.db").read_text() == "taken since"


def test_a_restore_that_fails_leaves_the_store_as_it_was(backup, server, filled, folder):
    with psycopg.connect(server.admin_dsn.replace("/lineside?", f"/{filled.split('/')[3].split('?')[0]}?")) as admin:
        admin.execute("ALTER TABLE switches OWNER TO postgres")  # not ours to remove any more
    before = counted(filled)
    with pytest.raises(Unavailable, match=r"psql failed: .*\"switches\" already exists.*Nothing was changed"):
        restore(filled, folder, backup, NOW, quiet, replace=True)
    assert counted(filled) == before


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), "cut short|damaged"),
        (lambda file: flip(file, file.stat().st_size // 2), "damaged"),
        (lambda file: file.write_text("not a backup"), "not a backup of Lineside"),
        (lambda file: file.unlink(), "is not there"),
    ],
    ids=["cut short", "a bit flipped", "another file", "missing"],
)
def test_a_backup_that_is_harmed_is_refused(backup, empty_database, folder, harm, said):
    harm(backup)
    with pytest.raises(BadInput, match=said):
        restore(empty_database, folder, backup, NOW, quiet)
    assert counted(empty_database) == {}
    assert list(folder.iterdir()) == []


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def test_a_backup_never_overwrites(backup, filled, folder):
    with pytest.raises(BadInput, match="is there already"):
        back_up(filled, folder, backup, NOW, quiet)
    with pytest.raises(BadInput, match="is not there. Make it"):
        back_up(filled, folder, backup.parent / "no" / "plant.backup", NOW, quiet)
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def lineside(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api", *map(str, words)],
        cwd=CODE,
        env={"PATH": "/usr/bin:/bin", "LINESIDE_HOME": str(home)},
        capture_output=True,
        text=True,
    )


def test_the_commands(home, tmp_path):
    file = tmp_path / "plant.backup"
    first = json.loads(lineside(home, "migrate", "--json").stdout)
    assert first["applied"]
    assert first["applied"][-1] == first["revision"]
    with EmbeddedServer(home, sole_owner=True) as server:
        with psycopg.connect(server.dsn()) as connection:
            connection.execute(ROWS)
        made = lineside(home, "backup", file, "--json")
        assert json.loads(made.stdout)["tables"]["readings"]["rows"] == 50_004, made.stderr
        refused = lineside(home, "restore", file, "--replace")
        assert (refused.returncode, "is in use by the process" in refused.stderr) == (1, True)
    shutil.rmtree(home)
    restored = lineside(home, "restore", file, "--json")
    assert restored.returncode == 0, restored.stderr
    said = json.loads(restored.stdout)
    assert said["equal"]
    assert said["tables"]["readings"] == {**json.loads(made.stdout)["tables"]["readings"], "equal": True}
    again = lineside(home, "restore", file)
    assert again.returncode == 1
    assert "--replace" in again.stderr
    assert "Traceback" not in again.stderr + refused.stderr
    assert "every count and digest is equal" in lineside(home, "restore", file, "--replace").stdout
