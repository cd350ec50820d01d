"""The job queue."""

from mom.migrations.sql_file import run_sql

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    run_sql("0002_jobs.sql")
