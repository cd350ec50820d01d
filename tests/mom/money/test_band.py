from decimal import Decimal

from mom.losses.loss import LossKind
from mom.money.band import ANY, MINUTES, bands, interval


def test_every_method_has_a_band_for_any_kind_and_kinds_are_known():
    assert set(bands()) == {"replay", "estimate"}
    for kinds in bands().values():
        assert ANY in kinds
        assert set(kinds) - {ANY} <= {kind.value for kind in LossKind}
        assert all(band.low < band.high for band in kinds.values())


def test_an_interval_holds_what_is_stated_and_is_never_under_nothing():
    second = Decimal("0.5")
    for method in ("replay", "estimate"):
        for money in (Decimal(0), Decimal(5), Decimal(4000)):
            low, high = interval(money, second, method, "breakdown")
            assert 0 <= low <= money <= high


def test_a_cost_of_nothing_is_off_by_minutes_of_the_line():
    _, high = interval(Decimal(0), Decimal(1), "replay", "breakdown")
    assert 0 <= high <= MINUTES * 3
