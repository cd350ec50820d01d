"""The plant of these tests: a line of a filler and a capper, which is its constraint."""

from typing import Any

import pytest

DAY = {"name": "day", "start": "06:00", "end": "18:00"}
NIGHT = {"name": "night", "start": "18:00", "end": "06:00"}


@pytest.fixture
def plant() -> dict[str, Any]:
    """A plant file's content without connectors."""
    units = [
        {"id": "filler", "name": "Filler", "level": "work_unit"},
        {"id": "capper", "name": "Capper", "level": "work_unit"},
    ]
    return {
        "site": {"id": "works", "name": "Works"},
        "calendar": {"shifts": [DAY, NIGHT]},
        "equipment": [{"id": "line", "name": "Line", "constraint": "capper", "units": units}],
    }
