"""What Alembic runs for each command: on the connection it is given, in the caller's transaction."""

from alembic import context

from mom.migrations.scope import belongs_to_models
from mom.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=belongs_to_models,
    compare_server_default=True,
)
context.run_migrations()
