"""What people correct, and change-overs that counts tell, mark the hours that they change."""

from mom.migrations.sql_file import run_sql

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    run_sql("0009_corrections_mark.sql")
