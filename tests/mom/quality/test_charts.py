"""Control charts: the handbook's worked examples, subgroups of unequal size, phase I, and what a shift does."""

from math import sqrt

import numpy as np
import pytest

from mom.errors import BadInput
from mom.quality import attributes, variables
from mom.quality.chart import Basis, Kind, Sample
from mom.quality.charts import FAMILIES, basis_of, chart_of


def singles(values: object) -> list[Sample]:
    return [Sample((float(v),)) for v in values]  # type: ignore[attr-defined]


def test_individuals_as_the_handbook_has_them() -> None:
    """NIST/SEMATECH e-Handbook 6.3.2.2: centre 50.81, limits 45.816 and 55.804."""
    values = singles([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    centre, sigma = variables.INDIVIDUALS.learn(values)
    point = chart_of(Kind.individuals, values, Basis(centre, sigma, 10)).panels[0].points[0]
    assert (centre, point.low, point.high) == (
        pytest.approx(50.81),
        pytest.approx(45.816, abs=1e-3),
        pytest.approx(55.804, abs=1e-3),
    )


def test_p_as_the_handbook_has_it() -> None:
    """6.3.3.2: thirty lots of 50 chips, 0.2313 defective, limits 0.0524 and 0.4102."""
    bad = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
    samples = [Sample(count=float(n), size=50.0) for n in bad]
    points = chart_of(Kind.p, samples, Basis(sum(bad) / 1500, 1.0, 30)).panels[0].points
    assert points[0].centre == pytest.approx(0.2313, abs=1e-4)
    assert (points[0].low, points[0].high) == (pytest.approx(0.0524, abs=1e-4), pytest.approx(0.4102, abs=1e-4))
    assert [n for n, p in zip(bad, points, strict=True) if 1 in p.signals] == [22, 24]


def test_c_as_the_handbook_has_it() -> None:
    """6.3.3.1: 25 wafers, 16 defects on average, limits 4 and 28: the 31 is out, the 28 is not."""
    counts = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
    points = chart_of(Kind.c, [Sample(count=float(n)) for n in counts], Basis(16.0, 1.0, 25), on=(1,)).panels[0].points
    assert (points[0].low, points[0].high) == (pytest.approx(4), pytest.approx(28))
    assert [n for n, p in zip(counts, points, strict=True) if p.signals] == [31]


def test_limits_follow_the_size_of_the_sample() -> None:
    """p and u: 3 sigma of 400 pieces is half as wide as of 100; X-bar: of 4 values half as wide as of one."""
    p = chart_of(Kind.p, [Sample(count=20, size=100), Sample(count=80, size=400)], Basis(0.2, 1.0, 30)).panels[0].points
    assert p[0].high and p[1].high and p[0].high - 0.2 == pytest.approx(3 * sqrt(0.2 * 0.8 / 100))
    assert p[0].high - 0.2 == pytest.approx(2 * (p[1].high - 0.2))
    u = chart_of(Kind.u, [Sample(count=5, size=10), Sample(count=20, size=40)], Basis(0.5, 1.0, 30)).panels[0].points
    assert u[0].high and u[1].high and u[0].high - 0.5 == pytest.approx(2 * (u[1].high - 0.5))
    groups = [Sample((1.0, 2.0)), Sample((1.0, 2.0) * 4)]
    for kind in (Kind.xbar_r, Kind.xbar_s):
        points = chart_of(kind, groups, Basis(1.5, 1.0, 30)).panels[0].points
        assert points[0].high and points[1].high and points[0].high - 1.5 == pytest.approx(2 * (points[1].high - 1.5))


@pytest.mark.parametrize("kind", [Kind.xbar_r, Kind.xbar_s])
def test_unequal_subgroups_find_the_sigma(kind: Kind) -> None:
    draw = np.random.default_rng(21)
    samples = [Sample(tuple(draw.normal(5, 2, n))) for n in draw.integers(2, 9, 400)]
    assert basis_of(kind, samples).sigma == pytest.approx(2, rel=0.06)


def test_thousands_of_pieces_vary_by_more_than_chance() -> None:
    """Shares that wander by themselves: chance alone would call most points out, the widened limits few."""
    draw = np.random.default_rng(22)
    samples = [
        Sample(count=float(draw.binomial(20_000, share)), size=20_000) for share in draw.normal(0.02, 0.004, 100)
    ]
    basis = basis_of(Kind.p, samples)
    out = [s for s in chart_of(Kind.p, samples, basis, on=(1,)).signals if s]
    bare = [s for s in chart_of(Kind.p, samples, Basis(basis.centre, 1.0, 100), on=(1,)).signals if s]
    assert basis.sigma > 3 and len(out) <= 3 and len(bare) > 20
    even = [Sample(count=float(draw.binomial(200, 0.05)), size=200) for _ in range(100)]
    assert attributes.P.learn(even)[1] == 1.0


def test_phase_one_leaves_out_what_was_out_and_says_so() -> None:
    draw = np.random.default_rng(23)
    basis = basis_of(Kind.individuals, singles([*draw.normal(10, 1, 60), 30.0, -9.0]))
    assert basis.left_out == 2 and basis.centre == pytest.approx(10, abs=0.5)
    with pytest.raises(BadInput, match="19 samples are too few"):
        basis_of(Kind.individuals, singles(range(19)))
    with pytest.raises(BadInput, match="do not vary"):
        basis_of(Kind.individuals, singles([4.0] * 30))


@pytest.mark.parametrize("kind", [Kind.individuals, Kind.ewma, Kind.cusum])
def test_a_shift_is_found(kind: Kind) -> None:
    """One sigma: the charts that remember find it within a dozen points, a single point would take about 44."""
    seed = 24
    print(f"seed {seed}")
    draw, delays = np.random.default_rng(seed), []
    for _ in range(60):
        found = chart_of(kind, singles(draw.normal(1, 1, 300)), Basis(0.0, 1.0, 100), on=(1,)).signals
        delays.append(next((n for n, s in enumerate(found, 1) if s), 300))
    assert (np.mean(delays) > 30) == (kind == Kind.individuals), np.mean(delays)
    assert kind == Kind.individuals or np.mean(delays) < 13


def test_groups_that_a_chart_does_not_take() -> None:
    with pytest.raises(BadInput, match="one at a time"):
        chart_of(Kind.individuals, [Sample((1.0, 2.0))], Basis(0, 1, 30))
    with pytest.raises(BadInput, match="2 to 10 are taken"):
        chart_of(Kind.xbar_r, [Sample(tuple(map(float, range(11))))], Basis(0, 1, 30))
    with pytest.raises(BadInput, match="has to be above 0"):
        chart_of(Kind.p, [Sample(count=1, size=0)], Basis(0.1, 1, 30))
    assert set(FAMILIES) == set(Kind)
