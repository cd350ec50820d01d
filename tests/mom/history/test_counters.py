"""TRUST A7: a reset, a rollover at 16 and 32 bit, a replaced controller: no negative and no giant count, and an event."""

import random
from typing import Any

import numpy as np
import pytest

from mom.history.counters import Counter, increments
from mom.history.derive import derive_touched
from mom.history.values import MINUTE, Values


def counted(values: list[float], counter: Counter, step: int = MINUTE) -> tuple[float, list[str], list[int | None]]:
    at = np.arange(len(values), dtype=np.int64) * step
    made, events = increments(Values(at, np.array(values, float), np.ones(len(values), np.bool_)), counter)
    assert (made.pieces > 0).all()
    return float(made.pieces.sum()), [event.kind for event in events], [event.bits for event in events]


@pytest.mark.parametrize(
    ("type", "values", "pieces", "kinds"),
    [
        ("uint16", [65_500, 65_530, 20], 30 + 26, ["rollover"]),
        ("uint32", [2**32 - 10, 2**32 - 1, 15], 9 + 16, ["rollover"]),
        ("uint32", [65_500, 65_530, 20], 30 + 26, ["rollover"]),  # a 16-bit counter in a 32-bit register
        ("uint32", [5_000, 5_060, 0, 60], 60 + 0 + 60, ["reset"]),
        ("uint32", [5_000, 5_060, 30, 90], 60 + 30 + 60, ["reset"]),
        ("float64", [100, 160, 2_000_000, 2_000_060], 60 + 0 + 60, ["jump"]),  # another controller
        ("uint32", [2_000_000, 2_000_060, 800_000, 800_060], 60 + 0 + 60, ["reset"]),
        ("int16", [32_760, 32_767, -32_760], 7 + 9, ["rollover"]),
    ],
)
def test_what_counters_do(type: str, values: list[float], pieces: float, kinds: list[str]) -> None:
    found, seen, _ = counted(values, Counter(1, type, 1.0, 60.0))
    assert (found, seen) == (pieces, kinds)


def test_a_scaled_counter_rolls_over_at_its_scaled_width() -> None:
    assert counted([65_530 * 12, 65_535 * 12, 3 * 12], Counter(1, "uint16", 12.0, 60.0))[:2] == (9 * 12, ["rollover"])


def test_bad_readings_are_stepped_over() -> None:
    at = np.arange(4, dtype=np.int64) * MINUTE
    values = Values(at, np.array([10.0, 0.0, np.nan, 40.0]), np.array([True, False, True, True]))
    made, events = increments(values, Counter(1, "uint32", 1.0, 60.0))
    assert (made.pieces.tolist(), events) == ([30.0], [])


def test_whatever_a_counter_does_no_count_is_negative_or_giant() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    draw = random.Random(seed)
    for _ in range(300):
        counter = Counter(1, draw.choice(("uint16", "uint32", "int32", "float64")), draw.choice((1.0, 12.0, 0.1)), 60.0)
        values = [
            draw.choice((draw.uniform(0, 2**32), draw.uniform(0, 300), draw.gauss(65_000, 400))) for _ in range(20)
        ]
        at = np.cumsum(np.array([draw.choice((1_000_000, MINUTE, 10 * MINUTE)) for _ in values], np.int64))
        made, _ = increments(Values(at, np.array(values), np.ones(20, np.bool_)), counter)
        assert (made.pieces > 0).all()
        most = [counter.most(int(span)) for span in made.at - made.since]
        assert (made.pieces <= np.array(most)).all(), seed


async def test_the_reset_is_an_event_in_the_store(works: Any) -> None:
    await works.put(
        *[("filler.good", 60 * n, value) for n, value in enumerate((65_400, 65_450, 65_500, 14, 60, 0, 30))]
    )
    await derive_touched(works.store)
    rows = await works.rows("counts", "started_at, good", "source = 'plc'")
    assert rows == [(0, 50), (60, 50), (120, 50), (180, 46), (300, 30)]
    async with await works.store.connect() as connection:
        events = await (
            await connection.execute("SELECT kind, before, after, bits FROM counter_events ORDER BY at")
        ).fetchall()
    assert events == [("rollover", 65_500, 14, 16), ("reset", 60, 0, None)]
