from decimal import Decimal

from mom.losses.loss import LossKind
from mom.money.band import ANY, MINUTES, bands, interval


def test_every_method_with_bands_has_one_for_any_kind_and_kinds_are_known():
    assert "replay" in bands()
    for kinds in bands().values():
        assert ANY in kinds
        assert set(kinds) - {ANY} <= {kind.value for kind in LossKind}
        assert all(band.low < band.high for band in kinds.values())


def test_an_interval_holds_what_is_stated_and_is_never_under_nothing():
    second = Decimal("0.5")
    for money in (Decimal(0), Decimal(5), Decimal(4000)):
        low, high = interval(money, second, "replay", "breakdown")
        assert 0 <= low <= money <= high


def test_an_estimate_whose_errors_nobody_measured_has_no_interval():
    assert interval(Decimal(100), Decimal("0.5"), "estimate", "breakdown") is None


def test_a_cost_of_nothing_is_off_by_minutes_of_the_line():
    _, high = interval(Decimal(0), Decimal(1), "replay", "breakdown")
    assert 0 <= high <= MINUTES * 3
