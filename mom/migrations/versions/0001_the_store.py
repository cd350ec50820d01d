"""The store: every table of the first version, and the monthly parts of `readings`."""

from mom.migrations.sql_file import run_sql

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    run_sql("0001_the_store.sql")
    run_sql("0001_readings_by_month.sql")
