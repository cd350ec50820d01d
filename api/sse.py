"""Server-sent events: how one is written."""

import json
from typing import Any


def event(kind: str | None, data: dict[str, Any], id: int | None = None) -> str:
    head = "".join([f"id: {id}\n" if id is not None else "", f"event: {kind}\n" if kind else ""])
    return f"{head}data: {json.dumps(data, default=str)}\n\n"


BEAT = ": still here\n\n"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
