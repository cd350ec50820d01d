"""Migrations: one road from any database to what the models say, all or nothing, one at a time."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from mom.database.access import engines
from mom.database.engines import sqlalchemy_url
from mom.database.migrate import VERSIONS, configured, found, head, is_behind, migrate
from mom.errors import Unavailable
from mom.history.derive import derive_touched
from mom.migrations.scope import belongs_to_models
from mom.models import Base

REVISIONS = sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))

MEASURED = """
INSERT INTO sites (id, code, name) VALUES (1, 'plant', 'Plant');
INSERT INTO equipment (id, site_id, path, code, name, level) VALUES (1, 1, 'plant/press', 'press', 'Press', 'work_unit');
INSERT INTO tags (id, site_id, equipment_id, name, connector, meaning, config) VALUES
  (1, 1, 1, 'press.force', 'plc', 'signal', '{"type": "float32"}'),
  (2, 1, 1, 'press.good', 'plc', 'good', '{"type": "uint32"}');
INSERT INTO readings (tag_id, at, received_at, number)
SELECT tag, at, at, 2.5 FROM generate_series(1, 2) tag,
  generate_series(timestamptz '2026-01-02 00:30:00Z', '2026-04-12 00:29:00Z', '1 hour') at
"""
"""A hundred days of a force by the hour, in a store of the first revision."""


def test_models_and_migrations_agree(database_dsn):
    engine = create_engine(sqlalchemy_url(database_dsn))
    with engine.connect() as connection:
        options = {"include_object": belongs_to_models, "compare_server_default": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    engine.dispose()
    assert differences == [], "`python -m mom.migrations.draft WHY` writes the missing migration"


def test_a_revision_is_the_number_of_its_file_and_they_form_one_row(empty_database):
    with configured(empty_database) as config:
        scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    assert [script.revision for script in reversed(scripts)] == REVISIONS
    assert all(script.path.endswith(f"{script.revision}_{script.path.split('_', 1)[1]}") for script in scripts)
    assert REVISIONS[-1] == head()


def test_several_at_once(empty_database):
    with ThreadPoolExecutor(4) as pool:
        applied = sorted(pool.map(lambda _: migrate(empty_database), range(4)))
    assert applied == [[], [], [], REVISIONS]


def test_nothing_is_left_of_one_that_fails(empty_database):
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE TABLE passages (in_the_way int)")
    with pytest.raises(Exception, match="already exists"):
        migrate(empty_database)
    with psycopg.connect(empty_database) as connection:
        assert found(connection) is None
        tables = connection.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        assert "sites" not in {name for (name,) in tables}


@pytest.mark.parametrize("revision", REVISIONS)
def test_rows_of_every_older_revision_are_kept(empty_database, revision):
    with configured(empty_database) as config:
        command.upgrade(config, revision)
    with psycopg.connect(empty_database) as connection:
        connection.execute("INSERT INTO sites (code, name) VALUES ('plant', 'Plant')")
        connection.execute("INSERT INTO readings (tag_id, at, received_at, number) VALUES (1, now(), now(), 2.5)")
    assert migrate(empty_database) == [number for number in REVISIONS if number > revision]
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT code, name FROM sites").fetchall() == [("plant", "Plant")]
        assert connection.execute("SELECT tag_id, number FROM readings").fetchall() == [(1, 2.5)]


async def test_what_was_measured_before_there_were_means_gets_them(server, empty_database):
    with configured(empty_database) as config:
        command.upgrade(config, "0001")
    with psycopg.connect(empty_database) as connection:
        connection.execute(MEASURED)
    migrate(empty_database)
    async with engines(empty_database, server) as store:
        while (await derive_touched(store)).touched:
            pass
    with psycopg.connect(empty_database) as connection:
        means = connection.execute("SELECT tag_id, count(*), sum(n) FROM signal_means GROUP BY 1").fetchall()
        assert means == [(1, 100 * 24, 100 * 24)]
        assert connection.execute("SELECT count(*) FROM events").fetchall() == [(0,)]


def test_a_newer_database_is_refused(database_dsn):
    with psycopg.connect(database_dsn) as connection:
        assert not is_behind(found(connection))
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match="revision 9999, made by a newer Lineside"):
        migrate(database_dsn)
