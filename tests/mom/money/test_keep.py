"""From a loss row to its price in the store: the line replayed, or why it was not; priced once, and again when it changes."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from mom.history.keep_up import keep_up
from mom.losses.ledger import Book, Changes, settle
from mom.losses.loss import Finding, LossKind
from mom.models import Loss
from mom.money.keep import price_next

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
HOUR = 3600


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def keep(works: Any, seconds: float) -> None:
    while await keep_up(works.store, at(seconds)):
        pass


async def losses(works: Any) -> list[Loss]:
    async with works.store.read() as session:
        stops = select(Loss).where(Loss.superseded_at.is_(None), Loss.rule == "stop")
        return list(await session.scalars(stops.order_by(Loss.started_at)))


async def priced(works: Any, seconds: float) -> int:
    """How many losses got a price, whatever rule found them."""
    count = 0
    while done := await price_next(works.store, at(seconds)):
        count += done
    return count


async def lived(works: Any, stands: dict[str, tuple[int, int]], hours: int = 6) -> None:
    """The line makes one a second, counted by the minute; each machine stands once."""
    told: list[tuple[Any, ...]] = [("line.order", 0, 4711), ("line.product", 0, 1)]
    for name in ("filler", "packer"):
        start, end = stands.get(name, (-1, -1))
        told += [(f"{name}.state", 0, 1), (f"{name}.good", 0, 0)]
        if start >= 0:
            told += [(f"{name}.state", start, 2), (f"{name}.state", end, 1)]
        waits = stands.get("filler", (-1, -1)) if name == "packer" else (-1, -1)
        made = 0
        for minute in range(1, 60 * hours + 1):
            stood = any(low < 60 * minute <= high for low, high in ((start, end), waits))
            made += 0 if stood else 60
            told.append((f"{name}.good", 60 * minute, made))
        if waits[0] >= 0:
            told += [("packer.state", waits[0] + 1, 4), ("packer.state", waits[1], 1)]
    await works.put(*told, wakes=False)
    await keep(works, hours * HOUR)


async def test_nothing_waits_in_an_empty_store(works: Any) -> None:
    assert await price_next(works.store, at(0)) == 0


async def test_a_stop_of_the_constraint_is_priced_by_a_replay_and_only_once(works: Any) -> None:
    await lived(works, {"filler": (2 * HOUR, 2 * HOUR + 1200)})
    (found,) = await losses(works)
    assert (found.money, found.money_low, found.priced_at) == (Decimal("600.00"), None, None)
    assert await priced(works, 6 * HOUR) >= 1
    (row,) = await losses(works)
    assert row.figures["cost"]["by"] == "replay", row.figures["cost"]
    assert float(row.money) == pytest.approx(600, rel=0.06)  # 1,200 s, one piece a second, 0.50 each
    assert row.money_low < row.money < row.money_high
    assert row.figures["cost"]["lost_second"] == pytest.approx(0.5, rel=0.05)
    assert row.units == pytest.approx(1200, rel=0.06)
    assert await priced(works, 6 * HOUR) == 0
    await keep(works, 6 * HOUR + 1)
    assert (await losses(works))[0].money == row.money


async def test_without_states_of_a_machine_the_first_estimate_stays_and_says_why(works: Any) -> None:
    await works.put(("line.order", 0, 4711), ("line.product", 0, 1), ("filler.state", 0, 1), wakes=False)
    await works.put(("filler.state", 600, 2), ("filler.state", 1200, 1), wakes=False)
    await keep(works, 2 * HOUR)
    assert await priced(works, 2 * HOUR) >= 1
    (row,) = await losses(works)
    assert row.money == Decimal("300.00")
    assert row.figures["cost"]["by"] == "estimate"
    assert "Filler" in row.figures["cost"]["why"]
    assert (row.money_low, row.money_high) == (None, None)


async def test_what_lasts_is_priced_again_after_a_while(works: Any) -> None:
    await lived(works, {}, hours=2)
    await works.put(("filler.state", 2 * HOUR, 2))
    await keep(works, 2 * HOUR + 600)
    assert await priced(works, 2 * HOUR + 600) >= 1
    first = (await losses(works))[0].priced_at
    await priced(works, 2 * HOUR + 660)
    assert (await losses(works))[0].priced_at == first
    await works.put(("packer.state", 2 * HOUR + 1, 4))
    await keep(works, 2 * HOUR + 1800)
    assert await priced(works, 2 * HOUR + 1800) >= 1
    (row,) = await losses(works)
    assert row.ended_at is None
    assert row.priced_at > first
    assert row.money > 0


async def test_what_changes_while_it_is_priced_is_priced_again_whatever_the_clocks_say(works: Any) -> None:
    await lived(works, {"filler": (2 * HOUR, 2 * HOUR + 1200)})
    assert await priced(works, 6 * HOUR) >= 1
    (before,) = await losses(works)
    book = Book(works.store.write(), before.site_id, at(6 * HOUR + 1), False, Changes())
    async with book.session as session, works.store.write() as other:
        (row,) = await session.scalars(select(Loss).where(Loss.id == before.id))
        later = {"priced_at": at(7 * HOUR), "money": Decimal("500.00"), "money_low": Decimal("400.00")}
        await other.execute(update(Loss).where(Loss.id == before.id).values(**later))
        await other.commit()
        found = Finding(
            LossKind(row.kind), row.key, row.title, row.reason, row.started_at, row.ended_at + timedelta(minutes=20), 2400.0,
            2400.0, Decimal("1200.00"), tuple(row.evidence),
        )  # fmt: skip
        await settle(book, "stop", {"-": row.equipment_id}, [("-", found)], [row])
        await session.commit()
    (changed,) = await losses(works)
    assert changed.updated_at < changed.priced_at and changed.price_due
    assert (changed.money, changed.money_low) == (Decimal("1000.00"), Decimal("800.00"))  # grown from the newest price
    assert await priced(works, 7 * HOUR) >= 1
    (row,) = await losses(works)
    assert not row.price_due and row.money > 0
    assert await priced(works, 7 * HOUR) == 0
