"""What drives quality: found where it was planted, silent on noise, and what else it could be is named."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from mom.quality.drivers import LEAST_ROWS, Model, Row, model_of

START = datetime(2026, 3, 1, tzinfo=UTC)
SEEDS = range(20)


def wandering(draw: np.random.Generator, count: int, keeps: float) -> np.ndarray:
    values = np.zeros(count)
    for n in range(1, count):
        values[n] = keeps * values[n - 1] + draw.normal(0, np.sqrt(1 - keeps**2))
    return values


def plant(seed: int, *, effect: float = 0.0, keeps: float = 0.0, bad: str = "") -> Model:
    """Thirty days, a sample every two hours, five parameters that wander; p0 below -0.6 lowers the response by `effect`.

    `bad`: a lot or product that is bad by itself, and with which p0 happens to be low.
    """
    draw, count = np.random.default_rng(seed), 360
    p = np.column_stack([wandering(draw, count, 0.9) for _ in range(5)])
    strata = [
        {
            "product": f"P{n // 37 % 4}",
            "lot": f"L{n // 26}",
            "shift": "eln"[n * 2 % 24 // 8],
            "crew": "ABCD"[n // 84 % 4],
        }
        for n in range(count)
    ]
    levels = {f"P{n}": draw.normal() for n in range(4)}
    value = np.array([levels[s["product"]] for s in strata]) + wandering(draw, count, keeps) - effect * (p[:, 0] < -0.6)
    if bad:
        which = {"lot": ("L3", "L12"), "product": ("P1",)}[bad]
        hit = np.array([s[bad] in which for s in strata])
        p[:, 0] = draw.normal(0, 0.3, count) - 3 * hit
        value = value - 3.0 * hit
    rows = [
        Row(START + timedelta(hours=2 * n), float(value[n]), {f"p{k}": float(p[n, k]) for k in range(5)}, strata[n])
        for n in range(count)
    ]
    return model_of(rows)


def test_a_planted_relation_is_found() -> None:
    print(f"seeds {SEEDS}")
    models = [plant(seed, effect=2.0) for seed in SEEDS]
    told = [model for model in models if model.told]
    assert len(told) >= 16 and all(model.parameter == "p0" for model in told)
    cuts = [next(high for name, _, high in m.ranges[0].bounds if name == "p0") for m in told]
    assert np.median([cut for cut in cuts if cut is not None]) == pytest.approx(-0.6, abs=0.1)
    held = [m.ranges[0].low <= -2.0 <= m.ranges[0].high for m in told]
    assert np.mean(held) >= 0.8


@pytest.mark.parametrize("keeps", [0.0, 0.9])
def test_noise_is_met_with_silence(keeps: float) -> None:
    """Also a response that drifts as slowly as the parameters do."""
    print(f"seeds {SEEDS}")
    told = [seed for seed in SEEDS if plant(seed + 100, keeps=keeps).told]
    assert len(told) <= 1, told


@pytest.mark.parametrize("bad", ["lot", "product"])
def test_what_a_lot_or_product_does_is_not_laid_to_a_parameter(bad: str) -> None:
    print(f"seeds {SEEDS}")
    models = [plant(seed, bad=bad) for seed in SEEDS]
    assert not any(model.told for model in models)
    named = [m for m in models if f"goes with {bad}" in m.missing or any(f.factor == bad for f in m.factors)]
    assert len(named) >= 18


def test_too_little_to_learn_from() -> None:
    rows = [Row(START + timedelta(hours=n), float(n % 3), {"p": float(n)}, {}) for n in range(LEAST_ROWS - 1)]
    assert "at least 120" in model_of(rows).missing
    still = [Row(START + timedelta(hours=4 * n), 1.0, {"p": float(n % 7)}, {}) for n in range(LEAST_ROWS)]
    assert model_of(still).missing == "it did not vary"
    bare = [Row(START + timedelta(hours=4 * n), float(n % 5), {}, {}) for n in range(LEAST_ROWS)]
    assert model_of(bare).missing == "no parameter was measured beside it"


def test_again_is_the_same() -> None:
    assert plant(3, effect=2.0) == plant(3, effect=2.0)
