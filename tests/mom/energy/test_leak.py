"""A leak is found from the meter alone, when it began and how much; and none where there is none."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from mom.energy.base_load import base_load_of
from mom.energy.leak import leaks_of
from mom.energy.meter import SLOT, MeterFacts, by_hour, rises
from mom.energy.use import use_of
from mom.facts import Window
from mom.history.values import MINUTE

START = datetime(2026, 3, 2, tzinfo=UTC)
DRAWS = np.array([2.9, 6.9, 2.3, 1.7, 8.0])
"""kW of each machine while it runs; the air that it draws, in a compressor's power."""


def meter(seed: int, days: int = 21, leak: float = 0.0, begins: float = 14.0, noise: float = 0.02) -> MeterFacts:
    """A compressor for five machines: two shifts, stops, a product that takes more, a noisy meter; `leak` in kW, growing."""
    draw = np.random.default_rng(seed)
    slots = days * 288
    at = (round(START.timestamp() * 1e6) // SLOT + np.arange(slots)) * SLOT
    hour = (np.arange(slots) / 12) % 24
    shift = (hour >= 6) & (hour < 22)
    up = np.repeat(draw.random(slots // 6) < 0.85, 6)
    running = np.column_stack(
        [(shift & up & (draw.random(slots) < 0.95)) * draw.choice((1.0, 1.0, 0.6), slots) for _ in DRAWS]
    )
    day = np.arange(slots) / 288
    leaking = np.clip((day - begins) / 2, 0.0, 1.0) * 0.5 * leak + (day >= begins) * 0.5 * leak
    power = 4.0 + running @ DRAWS + leaking
    used = power / 12 * (1 + noise * draw.standard_normal(slots))
    good = np.round(running[:, 1] * 400 * draw.uniform(0.8, 1.0, slots))
    names = tuple("early" if 6 <= h < 14 else "late" if 14 <= h < 22 else None for h in hour)
    window = Window(START, START + timedelta(days=days))
    return MeterFacts(
        "site/compressor", "Air compressor", "AIR.energy", window, "EUR", Decimal("0.14"), at, used,
        ("a", "b", "c", "d", "e"), running, good, (None,) * slots, names,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_no_leak_where_there_is_none(seed: int) -> None:
    assert leaks_of(meter(seed)) == ((), "")


@pytest.mark.parametrize("seed", range(12))
def test_a_leak_is_dated_and_priced_and_its_interval_is_right_at_its_full_size(seed: int) -> None:
    found, missing = leaks_of(meter(seed, leak=5.0))
    assert missing == "" and len(found) == 1
    leak = found[0]
    assert abs((leak.since - START) / timedelta(days=1) - 14.0) <= 0.5
    assert leak.until is None
    assert leak.rise == pytest.approx(5.0, rel=0.15)
    assert leak.sure
    assert leak.cost_low < leak.cost_year < leak.cost_high
    assert float(leak.cost_year) == pytest.approx(leak.rise * 8766 * 0.14, rel=1e-6)


def test_how_often_the_interval_holds_the_truth() -> None:
    """Of a leak that is there at once at its full size: about 95 of 100 intervals."""
    held = 0
    for seed in range(100, 140):
        facts = meter(seed, leak=0.0)
        step = np.where(facts.at >= facts.at[288 * 14], 4.0 / 12, 0.0)
        (leak,), _ = leaks_of(
            MeterFacts(**{**{n: getattr(facts, n) for n in facts.__slots__}, "used": facts.used + step})
        )
        held += leak.low <= 4.0 <= leak.high
    assert held >= 34, f"{held} of 40"


def test_more_production_is_no_leak() -> None:
    facts = meter(3)
    later = facts.at >= facts.at[288 * 12]
    running = np.where(later[:, None], np.minimum(facts.running * 1.3, 1.0), facts.running)
    used = facts.used + ((running - facts.running) @ DRAWS) / 12
    more = MeterFacts(**{**{n: getattr(facts, n) for n in facts.__slots__}, "used": used, "running": running})
    assert leaks_of(more) == ((), "")


def test_too_little_is_refused() -> None:
    found, missing = leaks_of(meter(1, days=4))
    assert found == () and missing == "only 96 whole hours were metered, 120 are needed"


def test_base_load_with_its_interval_and_withheld_where_all_hours_are_alike() -> None:
    facts = meter(5)
    fit, missing = base_load_of(facts)
    assert missing == "" and fit is not None
    assert fit.base_low < fit.base < fit.base_high and fit.piece_low < fit.piece < fit.piece_high
    assert fit.base_low < 4.6 and fit.base_high > 3.4
    alike = MeterFacts(**{**{n: getattr(facts, n) for n in facts.__slots__}, "good": np.full(len(facts.at), 100.0)})
    assert base_load_of(alike) == (
        None,
        "the hours are too much alike: what depends on pieces cannot be told from what does not",
    )


def test_use_adds_up_over_shifts_and_idle_is_what_is_drawn_while_nothing_runs() -> None:
    facts = meter(7)
    use = use_of(facts)
    assert use is not None and use.coverage == 1
    night = np.array([name is None for name in facts.shifts])
    assert sum(part.kwh for part in use.by_shift) == pytest.approx(use.total.kwh - facts.used[night].sum())
    assert use.idle == pytest.approx(facts.used[(facts.running == 0).all(axis=1)].sum())
    assert use.idle > facts.used[night].sum() * 0.99


def test_a_meter_that_is_reset_and_one_that_was_silent() -> None:
    at = np.array([0, 1, 2, 4, 5]) * 5 * MINUTE
    slots, used = rises(at, np.array([10.0, 12.0, 1.5, 9.0, 10.0]))
    assert slots.tolist() == [at[1], at[2], at[4]]
    assert used.tolist() == [2.0, 1.5, 1.0]


def test_hours_of_which_a_slot_is_missing_are_left_out() -> None:
    facts = meter(9, days=6)
    keep = np.ones(len(facts.at), bool)
    keep[30] = False
    cut = {n: getattr(facts, n) for n in facts.__slots__}
    cut |= {n: np.asarray(cut[n])[keep] for n in ("at", "used", "running", "good", "products", "shifts")}
    assert len(by_hour(MeterFacts(**cut))[0]) == len(by_hour(facts)[0]) - 1
