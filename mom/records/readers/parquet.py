"""Parquet, by DuckDB: a few thousand rows in memory at a time. Nothing is fetched from anywhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mom.records.mapping import FileForm
from mom.records.reader import Reader, Record, Table, unreadable

if TYPE_CHECKING:
    import duckdb

ROWS_AT_ONCE = 5_000
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def open_parquet(path: Path, _: FileForm) -> Table:
    import duckdb  # 0.2 s: only who reads such a file pays it

    connection = duckdb.connect(":memory:", config=OFFLINE)
    try:
        connection.execute("SELECT * FROM read_parquet(?)", [_literal(path)])
    except duckdb.Error as error:
        connection.close()
        raise unreadable(path, f"is not a Parquet file that can be read: {str(error).splitlines()[0]}") from error
    columns = tuple(str(about[0]) for about in connection.description or ())
    return Table(columns, _records(path, connection, columns))


def _literal(path: Path) -> str:
    """The path with the signs escaped that DuckDB would take for a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def _records(path: Path, connection: "duckdb.DuckDBPyConnection", columns: tuple[str, ...]) -> Iterator[Record]:
    import duckdb

    with connection:
        try:
            while rows := connection.fetchmany(ROWS_AT_ONCE):
                for row in rows:
                    yield dict(zip(columns, row, strict=True))
        except duckdb.Error as error:
            raise unreadable(path, f"breaks off: {str(error).splitlines()[0]}") from error


parquet = Reader("parquet", (".parquet",), open_parquet)
