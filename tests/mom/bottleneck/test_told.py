"""What holds a line back, in a sentence."""

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from mom.bottleneck import told as module
from mom.bottleneck.told import Told
from mom.facts import Window

START = datetime(2026, 11, 22, 6, tzinfo=UTC)
FILLER = {"machine": "Filler", "equipment": ["w/l/filler"], "share": 0.83, "alone": 0.8, "in_turns": 0.03}
PACKER = {"machine": "Packer", "equipment": ["w/l/packer"], "share": 0.12, "alone": 0.1, "in_turns": 0.02}


def told(**more: Any) -> str:
    data = {"line": "Line", "limit": "machine", "bottleneck": FILLER, "machines": [PACKER, FILLER], "relief": [], "relief_missing": "",
            "without_order": 0.0, "missing": []}  # fmt: skip
    return Told(Window(START, START + timedelta(hours=8)), data | more, "EUR", "bottles").sentence


@pytest.mark.parametrize(
    ("relief", "said"),
    [
        (
            {"units": 947.5, "seconds": 204.0, "money": 104.22},
            "5 % faster it would have brought 948 bottles more, € 104.",
        ),
        ({"units": 3.0, "seconds": 12.0, "money": 0.4}, "5 % faster it would have brought next to nothing."),
    ],
)
def test_who_for_how_long_and_what_relief_would_bring(relief, said):
    head = "Filler held Line back for 83 % of the time that it ran, then Packer (12 %). "
    assert told(relief=[relief]) == head + said


def test_a_line_that_cannot_be_replayed_says_why():
    assert told(relief_missing="counts are missing").endswith(
        "What relief would bring cannot be reckoned: counts are missing."
    )


def test_want_of_orders_is_no_machines_fault():
    assert told(limit="orders", without_order=0.4) == (
        "Line stood for want of orders for 40 % of its time; while it ran, Filler set the pace."
    )


def test_what_was_not_seen_is_said():
    said = told(bottleneck=None, limit=None, machines=[], missing=["states of Packer"])
    assert said == "Line: I cannot tell what held it back: states of Packer."


async def test_a_replay_leaves_the_web_process_free(monkeypatch):
    at: list[int] = []

    async def found(*_: object) -> tuple[Any, Any]:
        return SimpleNamespace(first=SimpleNamespace(paths=("w/l/filler",)), limit="machine"), "facts"

    def reliefs(*_: object) -> tuple[list[Any], str]:
        at.append(threading.get_ident())
        return [], ""

    monkeypatch.setattr(module, "bottleneck_of", found)
    monkeypatch.setattr(module, "reliefs_of", reliefs)
    monkeypatch.setattr(module, "as_json", lambda *_: {})
    layout: Any = SimpleNamespace(site=SimpleNamespace(currency="EUR"), unit=None)
    session: Any = None
    await module.told_of(session, layout, "w/l", Window(START, START + timedelta(hours=8)), START)
    assert at and at[0] != threading.get_ident()
