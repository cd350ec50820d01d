"""Migrations: one road from any database to what the models say, all or nothing, one at a time."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from mom.database.engines import sqlalchemy_url
from mom.database.migrate import VERSIONS, configured, found, head, is_behind, migrate
from mom.errors import Unavailable
from mom.migrations.scope import belongs_to_models
from mom.models import Base

REVISIONS = sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))


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


def test_a_newer_database_is_refused(database_dsn):
    with psycopg.connect(database_dsn) as connection:
        assert not is_behind(found(connection))
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match="revision 9999, made by a newer Lineside"):
        migrate(database_dsn)
