"""What holds a line back, as its place on the line page shows it: in this shift, and over the last day."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from mom.bottleneck.told import Told


def bottleneck_view(found: Sequence[tuple[str, Told]]) -> dict[str, Any]:
    """`found`: each window by its name, the longest last."""
    return {
        "line": found[0][1].data["line"],
        "told": [{"name": name, "sentence": told.sentence, "rows": _rows(told)} for name, told in found],
        "opinion": _opinion(found[-1][1]),
    }


def _rows(told: Told) -> str:
    """The states that it was reckoned from."""
    window = {"from": told.window.start.isoformat(), "to": told.window.end.isoformat()}
    return f"/data/rows/states?{urlencode({'equipment': told.data['equipment'], **window})}"


def _opinion(told: Told) -> str:
    if told.data["declared_is_it"] or not told.data["declared"] or told.data["limit"] != "machine":
        return ""
    return f"The plant file names {told.data['declared']} as the constraint."
