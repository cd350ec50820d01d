"""Capability: worked by hand, its intervals hold the truth as often as they say, and what cannot be said is not."""

import numpy as np
import pytest

from mom.errors import BadInput
from mom.quality.capability import capability, machine_capability
from mom.quality.limits import Limits
from mom.quality.spread import within


def test_worked_by_hand() -> None:
    """Cp = (USL - LSL) / 6 sigma, Cpk = min(...) / 3 sigma; within by the mean moving range / 1.128."""
    values = [10.0, 10.4, 9.8, 10.2, 9.6, 10.0] * 5  # the ranges: .4 .6 .4 .6 .4, and 0 between two rounds
    found = capability(values, Limits(8.0, 13.0))
    assert found.cp and found.cpk and found.pp and found.ppk and found.within
    sigma = (5 * (0.4 + 0.6 + 0.4 + 0.6 + 0.4) / 29) / 1.128
    assert found.within == pytest.approx(sigma)
    assert found.cp.value == pytest.approx(5.0 / (6 * sigma))
    assert found.cpk.value == pytest.approx(2.0 / (3 * sigma))
    spread = (5 * (0 + 0.16 + 0.04 + 0.04 + 0.16 + 0) / 29) ** 0.5
    assert found.pp.value == pytest.approx(5.0 / (6 * spread))
    assert found.ppk.value == pytest.approx(2.0 / (3 * spread))


def test_groups_leave_out_what_changes_between_them() -> None:
    """Three groups of (0, 2): pooled s is sqrt(2), whatever their levels."""
    spread = within([0, 2, 10, 12, 50, 52], [2, 2, 2])
    assert spread.sigma == pytest.approx(2**0.5)
    assert spread.freedom == 3
    with pytest.raises(BadInput, match="The groups hold 5 values, but there are 6"):
        within([0, 2, 10, 12, 50, 52], [2, 3])


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    seed, rounds = 41, 400
    print(f"seed {seed}")
    draw, held = np.random.default_rng(seed), dict.fromkeys(("cp", "cpk", "pp", "ppk"), 0)
    told = 0
    for _ in range(rounds):
        found = capability(draw.normal(10.5, 1, 80).tolist(), Limits(6, 14))
        if found.method != "normal":
            continue
        told += 1
        for name, truth in (("cp", 8 / 6), ("cpk", 3.5 / 3), ("pp", 8 / 6), ("ppk", 3.5 / 3)):
            index = getattr(found, name)
            held[name] += index.low <= truth <= index.high
    assert told > 0.98 * rounds
    assert all(0.92 < count / told < 0.975 for count in held.values()), held


def test_one_limit_has_no_cp() -> None:
    found = capability(np.random.default_rng(3).normal(0, 1, 100).tolist(), Limits(high=3.0))
    assert found.cp is None and found.pp is None and found.cpk and found.ppk
    assert found.withheld == dict.fromkeys(("cp", "pp"), "there is a limit on one side only")


def test_values_that_are_not_normal_are_refused_or_read_off() -> None:
    draw = np.random.default_rng(5)
    few = capability(draw.exponential(1, 300).tolist(), Limits(0.0, 8.0))
    assert few.cp is None and few.ppk is None and "too few to read the tails off" in few.withheld["ppk"]
    many = capability(draw.exponential(1, 5000).tolist(), Limits(high=8.0))
    assert many.method == "percentile" and many.cpk is None and many.ppk
    truth = (8 - np.log(2)) / (-np.log(0.00135) - np.log(2))  # (USL - median) / (99.865 % point - median)
    assert many.ppk.low <= truth <= many.ppk.high


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([1.0] * 10, "10 values; at least 25"),
        ([1.0] * 40, "all the same|the same"),
        ([float("nan")] * 40, "not a number"),
    ],
)
def test_what_cannot_be_said(values: list[float], why: str) -> None:
    found = capability(values, Limits(0, 2))
    assert found.cp is None
    assert any(part in found.withheld["cp"] for part in why.split("|"))


def test_machine_capability_takes_fifty() -> None:
    draw = np.random.default_rng(8)
    assert machine_capability(draw.normal(0, 1, 49).tolist(), Limits(-5, 5)).withheld["cm"].startswith("49 values")
    found = machine_capability(draw.normal(0, 1, 50).tolist(), Limits(-5, 5))
    assert found.cm and found.cmk and found.cmk.value <= found.cm.value


@pytest.mark.parametrize(("low", "high"), [(None, None), (2.0, 1.0), (1.0, 1.0)])
def test_limits_that_are_none(low: float | None, high: float | None) -> None:
    with pytest.raises(BadInput):
        Limits(low, high)
