"""The rows behind a figure, and one row by its reference."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession


async def rows(session: AsyncSession, noun: str, params: Mapping[str, str], site_id: int) -> list[dict[str, Any]]:
    """The rows of `noun` (`states`, `stops`, `counts`, `losses`, …) that `params` (equipment, from, to) name.

    Raises NotFound (no such noun, no such equipment), BadInput.
    """
    raise NotImplementedError


async def row(session: AsyncSession, reference: str, site_id: int) -> dict[str, Any]:
    """The row that `stop:12` names, with `ref` and `noun`. Raises NotFound, BadInput."""
    raise NotImplementedError
