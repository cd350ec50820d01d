"""Means of five minutes: what rules that look back over days read instead of every value."""

from datetime import datetime
from typing import Any

import numpy as np
import pytest

from mom.facts import Window
from mom.history.derive import derive_touched
from mom.history.means import SLOT, means_of
from mom.history.values import SECOND, Values
from mom.store.means import means_in

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")


def values(*pairs: tuple[float, float]) -> Values:
    at, numbers = np.array([int(s * SECOND) for s, _ in pairs], np.int64), np.array([n for _, n in pairs])
    return Values(at, numbers, np.full(len(pairs), True))


def test_a_mean_of_what_was_read_while_the_machine_ran_stands_beside_that_of_all() -> None:
    given = values((0, 2.0), (60, 4.0), (120, 0.0), (299, 0.0), (400, 5.0))
    edges, running = np.array([0, 100 * SECOND, 300 * SECOND], np.int64), np.array([True, False, True])
    means = means_of(given, edges, running)
    assert means.at.tolist() == [0, SLOT]
    assert means.n.tolist() == [4, 1]
    assert means.mean.tolist() == [1.5, 5.0]
    assert (means.low.tolist(), means.high.tolist()) == ([0.0, 5.0], [4.0, 5.0])
    assert (means.first.tolist(), means.last.tolist()) == ([2.0, 5.0], [0.0, 5.0])
    assert means.running_n.tolist() == [2, 1]
    assert means.running_mean.tolist() == [3.0, 5.0]
    assert means.running_spread.tolist() == [1.0, 0.0]


def test_a_value_that_is_not_good_is_in_no_mean() -> None:
    given = Values(np.array([0, SECOND], np.int64), np.array([1.0, 9.0]), np.array([True, False]))
    assert means_of(given, np.empty(0, np.int64), np.empty(0, np.bool_)).mean.tolist() == [1.0]


async def torque(works: Any) -> list[tuple[float, int, float, int]]:
    """(seconds, n, mean, running_n) of the stored means."""
    while (await derive_touched(works.store)).touched:
        pass
    async with works.store.read() as session:
        window = Window(START, START.replace(hour=12))
        found = await means_in(session, {works.equipment("line/filler"): "filler"}, window)
    (measured,) = found["filler"]
    start = int(START.timestamp() * SECOND)
    rows = zip(
        *(c.tolist() for c in (measured.means.at, measured.means.n, measured.means.mean, measured.means.running_n)),
        strict=True,
    )
    return [((at - start) / SECOND, n, mean, running) for at, n, mean, running in rows]


async def test_late_readings_and_late_news_of_a_state_bring_the_same_means(works: Any) -> None:
    seconds = [30 * n for n in range(40)]
    readings = [("filler.torque", s, 2.0 + s / 1000) for s in seconds]
    states = [("filler.state", 0, 1), ("filler.state", 400, 2), ("filler.state", 700, 1)]
    for reading in readings[::2]:
        await works.put(reading)
        await torque(works)
    await works.put(*readings[1::2])
    await torque(works)
    await works.put(*states)
    piecemeal = await torque(works)
    assert [row[:2] + row[3:] for row in piecemeal] == [(0, 10, 10), (300, 10, 3), (600, 10, 6), (900, 10, 10)]
    assert piecemeal[0][2] == pytest.approx(2.135)


async def test_who_enters_new_five_minutes_is_told(works: Any) -> None:
    await works.put(("filler.torque", 0, 2.0))
    filler = works.equipment("line/filler")
    assert (await derive_touched(works.store)).measured == {filler}
    await works.put(("filler.torque", 60, 2.0))
    assert (await derive_touched(works.store)).measured == frozenset()
    await works.put(("filler.torque", 301, 2.0))
    assert (await derive_touched(works.store)).measured == {filler}
