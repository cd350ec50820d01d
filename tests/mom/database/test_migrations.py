"""Migrations: one road from an empty database to what the models say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from mom.database.engines import sqlalchemy_url
from mom.migrations.scope import belongs_to_models
from mom.models import Base


def test_models_and_migrations_agree(database_dsn):
    engine = create_engine(sqlalchemy_url(database_dsn))
    with engine.connect() as connection:
        options = {"include_object": belongs_to_models, "compare_server_default": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    engine.dispose()
    assert differences == [], "python -m mom.migrations.draft writes the missing migration"
