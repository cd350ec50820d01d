"""What is usual of scrap is usual of a product: another one's share neither hides nor makes a trouble."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mom.facts import CountSpan, Facts, Machine, RunSpan, Window
from mom.losses.scrap import scrap_stretches

SIX = datetime(2026, 3, 2, 6, tzinfo=UTC)
MINUTES = 480


def facts(shares: list[tuple[int, str, float]]) -> Facts:
    """A shift of 100 pieces a minute; `shares`: from which minute which product is on, and what is thrown out of it."""
    edges = [*(start for start, _, _ in shares[1:]), MINUTES]
    runs, counts, owed = [], [], 0.0
    for number, ((start, product, share), end) in enumerate(zip(shares, edges, strict=True)):
        runs.append(RunSpan(number, at(start), at(end), False, str(number), product))
        for minute in range(start, end):
            owed += 100 * share
            thrown, owed = float(int(owed)), owed - int(owed)
            counts.append(
                CountSpan(
                    minute, at(minute), at(minute + 1), "w/l/m", 100, 100 - thrown, thrown, scrap_by={"bent": thrown}
                )
            )
    machine = Machine(1, "w/l/m", "Press", "work_unit", "w/l", ideal_rate=100.0)
    window = Window(SIX, at(MINUTES))
    return Facts("w", ZoneInfo("UTC"), "EUR", machine, window, at(MINUTES), counts=tuple(counts), runs=tuple(runs))


def at(minute: int) -> datetime:
    return SIX + timedelta(minutes=minute)


def found(*shares: tuple[int, str, float]) -> list[tuple[int, int]]:
    told = scrap_stretches(facts(list(shares)), "bent", [])
    return [tuple((w - SIX) // timedelta(minutes=1) for w in (one.window.start, one.window.end)) for one in told]  # type: ignore[misc]


def test_a_trouble_of_one_product_is_not_hidden_by_another_that_always_throws_out_more() -> None:
    """By A's share of 0.45 % the 99 pieces of B would be no more than usual."""
    (one,) = found((0, "B", 0.0005), (60, "A", 0.0045), (300, "B", 0.011), (390, "B", 0.0005))
    assert abs(one[0] - 300) <= 10 and abs(one[1] - 390) <= 10


def test_what_a_product_always_throws_out_is_its_usual_share() -> None:
    told = found((0, "A", 0.001), (120, "B", 0.0095), (240, "A", 0.001), (360, "B", 0.012))
    assert told == [], "B's own share counts, not that of A"
