"""A loss keeps its price while it grows, and the same finding found again does not undo it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mom.facts import Window
from mom.losses.loss import Finding, LossKind
from mom.losses.priced import first_estimate, first_of, keep_price
from mom.losses.share import parts_of, share_in
from mom.losses.spoken import cost_words
from mom.models import Loss

SIX = datetime(2026, 8, 23, 6, 0, tzinfo=UTC)


def finding(seconds=600.0, units=1000.0, money="100"):
    end = SIX + timedelta(seconds=seconds)
    amount = None if money is None else Decimal(money)
    return Finding(
        LossKind.breakdown, "k", "t", "r", SIX, end, seconds, units, amount, ("stop:1",), figures={"assumption": "so"}
    )


def priced(money="80", first="100"):
    cost = {"by": "replay", "first": first_estimate(1000.0, Decimal(first)), "margin": 80.0, "material": 0.0, "late": 0.0,
            "lost_second": 0.2, "beyond_the_usual": 1.0}  # fmt: skip
    return Loss(seconds=600.0, units=700.0, money=Decimal(money), money_low=Decimal("60"), money_high=Decimal("120"),
                priced_at=SIX, figures={"cost": cost})  # fmt: skip


def test_a_first_estimate_is_the_finding_s_own():
    row = Loss()
    row.figures = keep_price(row, finding())
    assert (row.units, row.money, row.money_low, row.priced_at) == (1000.0, Decimal("100.00"), None, None)
    assert first_of(row) == (1000.0, Decimal("100.00"))
    assert cost_words(row, "EUR") == "A first estimate: so."


def test_what_grows_keeps_its_price_in_proportion():
    row = priced()
    row.figures = keep_price(row, finding(1200.0, 2000.0, "200"))
    assert (row.money, row.money_low, row.money_high) == (Decimal("160.00"), Decimal("120.00"), Decimal("240.00"))
    assert row.units == 1400.0
    assert first_of(row) == (2000.0, Decimal("200.00"))
    assert row.priced_at == SIX


def test_what_was_estimated_at_nothing_grows_by_its_time():
    row = priced(first="0")
    row.figures = keep_price(row, finding(900.0, 0.0, "0"))
    assert row.money == Decimal("120.00")


def test_without_a_rate_there_is_no_price():
    row = priced()
    row.figures = keep_price(row, finding(money=None))
    assert (row.money, row.money_low, row.priced_at) == (None, None, None)


def test_the_parts_of_a_priced_trouble_add_up_to_its_price():
    parts = [
        {"shift": (SIX + timedelta(hours=8 * i)).isoformat(), "from": (SIX + timedelta(hours=8 * i)).isoformat(),
         "to": (SIX + timedelta(hours=8 * i + 1)).isoformat(), "seconds": 300.0, "units": 500.0, "money": money,
         "evidence": [], "figures": {}}
        for i, money in enumerate(("25.00", "75.00"))
    ]  # fmt: skip
    row = priced()
    row.figures = row.figures | {"parts": parts}
    assert [part.money for part in parts_of(row)] == [Decimal("20.00"), Decimal("60.00")]
    share = share_in(row, Window(SIX, SIX + timedelta(hours=8)), SIX + timedelta(days=1))
    assert (share.money, share.low, share.high) == (Decimal("20.00"), Decimal("15.00"), Decimal("30.00"))


def test_the_money_says_what_it_is_of():
    row = priced()
    row.money = Decimal("80")
    assert cost_words(row, "EUR") == (
        "The line was replayed without it: € 80 margin of pieces not made. A minute of the line is worth € 12."
    )
