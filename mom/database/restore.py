"""Bringing a backup back: all or nothing, then compared with what the manifest says."""

import os
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from mom.database.backup import DUMP, FILES, MANIFEST, Manifest
from mom.database.contents import Content, Progress, contents, differences, is_empty, sequences
from mom.database.home_files import BEFORE, RESTORING, sha256
from mom.database.migrate import head, migrate
from mom.database.programs import run_program
from mom.errors import BadInput, Conflict

OURS = """
WITH free AS (SELECT d.objid, d.classid FROM pg_depend d WHERE d.deptype = 'e')
SELECT format('DROP TABLE IF EXISTS %s CASCADE;', c.oid::regclass) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND pg_has_role(c.relowner, 'USAGE') AND (c.oid, 'pg_class'::regclass) NOT IN (SELECT objid, classid FROM free)
UNION ALL
SELECT format('DROP FUNCTION IF EXISTS %s CASCADE;', p.oid::regprocedure) FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
  AND pg_has_role(p.proowner, 'USAGE') AND (p.oid, 'pg_proc'::regclass) NOT IN (SELECT objid, classid FROM free)
UNION ALL
SELECT format('DROP TYPE IF EXISTS %s CASCADE;', t.oid::regtype)
FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typnamespace = 'public'::regnamespace AND (t.typtype IN ('e', 'd') OR c.relkind = 'c')
  AND pg_has_role(t.typowner, 'USAGE') AND (t.oid, 'pg_type'::regclass) NOT IN (SELECT objid, classid FROM free)
"""
"""Statements that remove what is ours in the schema, and leave extensions and what others have there."""

TRANSACTION_TIMEOUT, TRANSACTION_TIMEOUT_SINCE = "SET transaction_timeout = 0;\n", 170000
"""What our pg_restore writes and servers before that version do not know."""
HEAD_LINES = 40


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it. `different` is empty when all is equal; `migrated`: revisions applied after comparing."""

    manifest: Manifest
    tables: dict[str, Content]
    different: list[str]
    migrated: list[str]


def restore(dsn: str, home: Path, file: Path, now: datetime, progress: Progress, *, replace: bool = False) -> Restored:
    """Restore `file` into the database `dsn` and the folder `home`. Raises BadInput, Conflict, Unavailable.

    A store with rows, and files that are there, are replaced only when told to. If anything fails, the store is as it
    was.
    """
    with tempfile.TemporaryDirectory(prefix=RESTORING, dir=home) as folder:
        manifest = _unpack(file, Path(folder), progress)
        _refuse_to_overwrite(dsn, home, manifest, replace)
        progress("restoring the store", "")
        _load(dsn, Path(folder))
        with psycopg.connect(dsn) as connection:
            tables = contents(connection, progress)
            different = list(differences(manifest.tables, tables))
            different += _behind(sequences(connection), manifest)
        if not different:
            _put_files(Path(folder) / FILES, home, home / f"{BEFORE}{now:%Y%m%dT%H%M%S}", manifest)
    return Restored(manifest, tables, different, [] if different else migrate(dsn, now))


def _unpack(file: Path, folder: Path, progress: Progress) -> Manifest:
    """Unpack and check every byte before anything is touched. Raises BadInput."""
    progress("reading the backup", "")
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
        manifest = Manifest.read((folder / MANIFEST).read_text())
        sound = sha256(folder / DUMP) == manifest.dump and all(
            sha256(folder / FILES / name) == digest for name, digest in manifest.files.items()
        )
    except FileNotFoundError as error:
        raise BadInput(
            f"{error.filename} is not there.", remedy="Name the file that `lineside backup` wrote."
        ) from error
    except (tarfile.TarError, ValueError, TypeError, KeyError, EOFError) as error:
        raise BadInput(
            f"{file} is not a backup of Lineside, or it was cut short.",
            remedy="Name the file that `lineside backup` wrote.",
        ) from error
    if not sound:
        raise BadInput(f"{file} is damaged: its parts are not those that it was made of.", remedy="Use another backup.")
    if manifest.revision > head():
        raise BadInput(
            f"{file} was made by a newer Lineside (revision {manifest.revision}, this one knows {head()}).",
            remedy="Restore it with that one.",
        )
    return manifest


def _refuse_to_overwrite(dsn: str, home: Path, manifest: Manifest, replace: bool) -> None:
    """Raises Conflict when something would be lost that nobody said may be."""
    if replace:
        return
    with psycopg.connect(dsn) as connection:
        if not is_empty(connection):
            raise Conflict(
                f"The store of {home} has rows, which would be lost.",
                remedy="Add --replace if they may be, or set LINESIDE_HOME to a new folder.",
            )
    there = [name for name in manifest.files if (home / name).exists()]
    if there:
        raise Conflict(f"{home / there[0]} is there already.", remedy="Add --replace if it may be replaced.")


def _behind(counters: dict[str, int], manifest: Manifest) -> list[str]:
    """Counters of row numbers that would give one out twice."""
    return [f"the counter {name}" for name, last in manifest.sequences.items() if counters.get(name, -1) < last]


def _load(dsn: str, folder: Path) -> None:
    """Remove what is there and load the dump, in one transaction."""
    with psycopg.connect(dsn) as connection:
        drops = [statement for (statement,) in connection.execute(OURS).fetchall()]
        version = connection.info.server_version
    (folder / "drop.sql").write_text("\n".join(["SET client_min_messages = warning;", *drops]))
    run_program("pg_restore", None, ["--no-owner", "--no-privileges", f"--file={folder / 'load.sql'}", folder / DUMP])
    if version < TRANSACTION_TIMEOUT_SINCE:
        _without_line(folder / "load.sql", TRANSACTION_TIMEOUT)
    words = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    run_program("psql", dsn, [*words, f"--file={folder / 'drop.sql'}", f"--file={folder / 'load.sql'}"])


def _without_line(file: Path, unwanted: str) -> None:
    """Take a line out of a script's head, where the settings are."""
    new = file.with_suffix(".new")
    with file.open("rb") as source, new.open("wb") as target:
        for _ in range(HEAD_LINES):
            line = source.readline()
            target.write(b"" if line.decode() == unwanted else line)
        shutil.copyfileobj(source, target)
    os.replace(new, file)


def _put_files(source: Path, home: Path, aside: Path, manifest: Manifest) -> None:
    """Bring the home's files back. One that is replaced is kept `aside`: a spool may hold what no store has yet."""
    for name in manifest.files:
        for old in (home / name, home / f"{name}-wal", home / f"{name}-shm"):  # SQLite's neighbours belong to it
            if old.exists():
                kept = aside / old.relative_to(home)
                kept.parent.mkdir(parents=True, exist_ok=True)
                os.replace(old, kept)
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source / name, home / name)
