"""Every second of a window is in exactly one class, and any cut of a window adds up to the whole."""

import os
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from mom.facts import Facts, Machine, ShiftSpan, StateSpan, StopSpan, Window
from mom.history.classes import TimeClass, classify, totals

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
STATES = (
    ("Execute", ""),
    ("Held", ""),
    ("Stopped", ""),
    ("Suspended", "starved"),
    ("Suspended", "blocked"),
    ("Suspended", ""),
    ("Idle", ""),
    ("Unknown", ""),
)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def facts_of(window: Window, **more: object) -> Facts:
    machine = Machine(1, "works/line/filler", "Filler", "work_unit", "works/line")
    return Facts("works", ZoneInfo("UTC"), "EUR", machine, window, at(10**6), **more)  # type: ignore[arg-type]


def any_facts(draw: random.Random) -> Facts:
    """States that may have holes and overlap, stops, shifts that may overlap."""
    states, stops, shifts = [], [], []
    moment = 0.0
    for id in range(1, draw.randrange(2, 30)):
        moment += draw.choice((0, 0, 13.000001, 100))
        length = draw.choice((0.000001, 1, 77.5, 400))
        state, detail = draw.choice(STATES)
        mode = draw.choice(("", "", "set_up"))
        states.append(StateSpan(id, at(moment), at(moment + length), False, "works/line/filler", state, detail, mode))
        if state in ("Held", "Stopped") and draw.random() < 0.8:
            reason = draw.choice(("", "jam", "planned maintenance"))
            stops.append(StopSpan(id, at(moment), at(moment + length), False, "works/line/filler", state, reason))
        moment += length * draw.choice((1, 1, 0.5))
    for _ in range(draw.randrange(0, 4)):
        begin = draw.uniform(-500, moment)
        shifts.append(ShiftSpan("s", None, at(begin), at(begin + draw.uniform(1, 900))))
    window = Window(at(draw.uniform(-200, moment / 2)), at(moment / 2 + draw.uniform(1, moment)))
    more = {"no_calendar": draw.random() < 0.2, "minor_stop": timedelta(seconds=90)}
    return facts_of(window, states=tuple(states), stops=tuple(stops), shifts=tuple(shifts), **more)


def test_classes_add_up_to_any_window_and_any_cut_of_it() -> None:
    seed = int(os.environ.get("LINESIDE_SEED", random.randrange(2**32)))
    print(f"seed {seed}")
    draw = random.Random(seed)
    for turn in range(400):
        facts = any_facts(draw)
        slices = classify(facts)
        micros = (facts.window.end - facts.window.start) // timedelta(microseconds=1)
        assert sum(totals(slices).values()) == micros, (seed, turn)
        assert all(one.end == two.start for one, two in pairwise(slices)), (seed, turn)
        middle = facts.window.start + draw.randrange(1, micros) * timedelta(microseconds=1)
        parts = [Window(facts.window.start, middle), Window(middle, facts.window.end)]
        cut = [totals(classify(facts_with(facts, part))) for part in parts]
        added = {kind: cut[0][kind] + cut[1][kind] for kind in TimeClass}
        assert added == totals(slices), (seed, turn)


def facts_with(facts: Facts, window: Window) -> Facts:
    from dataclasses import replace

    return replace(facts, window=window)


@pytest.mark.parametrize(
    ("state", "detail", "mode", "in_shift", "expected"),
    [
        ("Execute", "", "", True, "production"),
        ("Execute", "", "set_up", True, "set_up"),
        ("Execute", "", "", False, "production"),
        ("Held", "", "", False, "planned_stop"),
        ("Unknown", "", "", False, "planned_stop"),
        ("Unknown", "", "set_up", True, "unknown"),
        ("Held", "", "", True, "unclassified"),
        ("Held", "", "set_up", True, "set_up"),
        ("Suspended", "starved", "", True, "starved"),
        ("Suspended", "blocked", "", True, "blocked"),
        ("Suspended", "", "", True, "waiting"),
        ("Idle", "", "", True, "idle"),
    ],
)
def test_the_set_order_where_conditions_overlap(
    state: str, detail: str, mode: str, in_shift: bool, expected: str
) -> None:
    window = Window(at(0), at(600))
    span = StateSpan(1, at(-50), at(700), False, "works/line/filler", state, detail, mode)
    shifts = (ShiftSpan("s", None, at(-100), at(900)),) if in_shift else ()
    assert totals(classify(facts_of(window, states=(span,), shifts=shifts)))[TimeClass(expected)] == 600_000_000


@pytest.mark.parametrize(
    ("seconds", "reason", "expected"),
    [
        (400, "jam", "breakdown"),
        (100, "jam", "minor_stop"),
        (100, "", "minor_stop"),
        (400, "", "unclassified"),
        (400, "planned maintenance", "planned_stop"),
    ],
)
def test_a_stop_is_classed_by_its_length_and_reason(seconds: float, reason: str, expected: str) -> None:
    span = StateSpan(1, at(0), at(seconds), False, "works/line/filler", "Held")
    stop = StopSpan(9, at(0), at(seconds), False, "works/line/filler", "Held", reason)
    facts = facts_of(Window(at(0), at(600)), states=(span,), stops=(stop,), no_calendar=True)
    first = classify(facts)[0]
    assert (first.kind, first.ref, first.end - first.start) == (TimeClass(expected), "stop:9", seconds * 1e6)
