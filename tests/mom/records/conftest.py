"""Folders of small made-up files and mappings; what the store holds afterwards."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mom.database.access import Store
from mom.records.importing import Imported, import_folder

ORDERS = """
site: {id: small, name: Small plant, time_zone: Europe/Vienna}
source: erp
records:
  - name: orders
    noun: production_orders
    files: "orders*"
    key: [number]
    fields:
      product: item
      quantity: qty
      due_at: {column: due, moment: end_of_day}
    more: [remark]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def mapping(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str = ORDERS) -> Path:
        path = tmp_path / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def imported(
    database: Store, folder: Path, mapping: Callable[[str], Path], now: datetime
) -> Callable[..., Awaitable[Imported]]:
    async def run(text: str = ORDERS, at: datetime = now, **files: str) -> Imported:
        for name, content in files.items():
            (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
        return await import_folder(database, mapping(text), folder, at)

    return run


@pytest.fixture
def rows(database: Store) -> Callable[..., Awaitable[list[Any]]]:
    async def read(sql: str, *values: Any) -> list[Any]:
        async with await database.connect() as connection:
            return await (await connection.execute(sql, values)).fetchall()

    return read


@pytest.fixture
def orders_mapping() -> str:
    return ORDERS
