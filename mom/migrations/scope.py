"""Which of a database's tables the models speak for."""

from typing import Any

PARTS = "readings_"
"""The monthly parts of `readings`."""


def belongs_to_models(item: Any, name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
    """For Alembic's comparison: False for what is made by other means than the models."""
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", None)
    return not (table or "").startswith(PARTS)
