"""Rows behind a number as a page shows them: the latest first, times in the plant's zone, references that open."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from mom import words

SHOWN = 500
HIDDEN = ("ref", "noun", "id", "equipment")
OF_A_MACHINE = ("states", "stops", "alarms", "losses", "counts", "maintenance_orders", "notes")


def rows_view(
    noun: str, found: Sequence[dict[str, Any]], params: Mapping[str, str], now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """`columns`, `rows` (`ref`, `cells`), the title, and links to the same machine's other rows."""
    named = [name for name in (found[0] if found else ()) if name not in HIDDEN]
    columns = [name for name in named if any(row[name] not in (None, "", []) for row in found)]
    where = params.get("equipment", "")
    called = noun.replace("_", " ")
    return {
        "title": f"{len(found):,} {called}{f' of {where}' if where else ''}",
        "window": _window(params, now, zone),
        "columns": [name.removesuffix("_at").replace("_", " ") for name in columns],
        "rows": [
            {"ref": row["ref"], "cells": [_cell(row[name], now, zone) for name in columns]}
            for row in list(reversed(found))[:SHOWN]
        ],
        "more": max(len(found) - SHOWN, 0),
        "others": [(name.replace("_", " "), _path(name, params), name == noun) for name in OF_A_MACHINE]
        if where
        else [],
        "json": _path(noun, params, "/api/v1/rows"),
    }


def _path(noun: str, params: Mapping[str, str], base: str = "/data/rows") -> str:
    return f"{base}/{noun}?{urlencode(params)}"


def _window(params: Mapping[str, str], now: datetime, zone: ZoneInfo) -> str:
    said = [
        f"{name} {words.time_of(datetime.fromisoformat(params[name].replace(' ', '+')), now, zone)}"
        for name in ("from", "to")
        if params.get(name)
    ]
    return " ".join(said)


def _cell(value: Any, now: datetime, zone: ZoneInfo) -> str:
    """A time as people say it, a list as its parts, a number with its thousands parted."""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value[:6]) + (f" and {len(value) - 6} more" if len(value) > 6 else "")
    if isinstance(value, str) and value[10:11] == "T" and value[:4].isdecimal():
        try:
            return words.time_of(datetime.fromisoformat(value), now, zone)
        except ValueError:
            return value
    if value is None or value == "":
        return words.NOTHING
    return words.number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
