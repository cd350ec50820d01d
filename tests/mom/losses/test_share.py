from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mom.facts import Window
from mom.losses.share import share_in
from mom.models import Loss

SIX = datetime(2026, 8, 23, 6, 0, tzinfo=UTC)
SHIFT = timedelta(hours=8)


def part(shift: datetime, seconds: float, money: str | None) -> dict[str, object]:
    end = shift + timedelta(hours=1)
    return {"shift": shift.isoformat(), "from": shift.isoformat(), "to": end.isoformat(), "seconds": seconds,
            "units": seconds * 2, "money": money, "evidence": [], "figures": {}}  # fmt: skip


def test_only_the_shifts_own_part_counts():
    parts = [part(SIX - SHIFT, 600, "10.00"), part(SIX, 120, "2.50")]
    loss = Loss(seconds=720, units=1440, money=Decimal("12.50"), figures={"parts": parts})
    share = share_in(loss, Window(SIX, SIX + SHIFT), SIX + SHIFT)
    assert (share.seconds, share.units, share.money) == (120, 240, Decimal("2.50"))
    assert share_in(loss, Window(SIX + SHIFT, SIX + 2 * SHIFT), SIX + 2 * SHIFT).seconds == 0


def test_a_single_event_is_cut_by_time():
    start = SIX - timedelta(minutes=30)
    loss = Loss(
        seconds=3600,
        units=100,
        money=Decimal("40.00"),
        figures={},
        started_at=start,
        ended_at=start + timedelta(hours=1),
    )
    share = share_in(loss, Window(SIX, SIX + SHIFT), SIX + SHIFT)
    assert (share.seconds, share.units, share.money) == (1800, 50, Decimal("20.00"))
