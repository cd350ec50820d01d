"""Run a file of SQL beside the migrations."""

from pathlib import Path

from alembic import op


def run_sql(name: str) -> None:
    """Run `versions/<name>` as it is: several statements, `%` and `:` with no meaning but SQL's."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((Path(__file__).parent / "versions" / name).read_bytes())
