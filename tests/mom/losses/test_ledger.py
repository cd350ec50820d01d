"""What was found becomes rows: each trouble once, told as it went."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mom.losses.ledger import Book, Changes, current_losses, settle
from mom.losses.loss import Finding, LossKind
from mom.models import Event, Loss

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
NOW = START + timedelta(hours=1)
STOP = Finding(
    kind=LossKind.breakdown,
    key="stop:works/line/filler:06:00",
    title="Filler: jam",
    reason="jam",
    start=START,
    end=START + timedelta(minutes=10),
    seconds=600,
    units=600,
    money=Decimal("300.00"),
    evidence=("stop:1",),
)


async def kept(works: Any, *found: Finding) -> Sequence[Loss]:
    """The rows after these findings, and only these, were settled."""
    ids = {"works/line/filler": works.equipment("line/filler")}
    async with works.store.write() as session:
        book = Book(session, works.site_id, NOW, True, Changes())
        before = await current_losses(session, ids.values(), ["stop"])
        await settle(book, "stop", ids, [("works/line/filler", finding) for finding in found], before)
        await session.commit()
        return await current_losses(session, ids.values(), ["stop"])


async def events(works: Any) -> list[str]:
    async with works.store.read() as session:
        return list(await session.scalars(select(Event.kind).where(Event.kind.like("loss.%")).order_by(Event.id)))


async def test_a_stop_in_the_overlap_of_two_shifts_is_one_row(works: Any) -> None:
    (row,) = await kept(works, STOP, replace(STOP, figures={"crew": "B"}))
    (again,) = await kept(works, STOP, STOP)
    assert again.id == row.id


async def test_a_new_price_and_a_new_coverage_are_written(works: Any) -> None:
    await kept(works, STOP)
    (dearer,) = await kept(works, replace(STOP, money=Decimal("450.00")))
    assert dearer.money == Decimal("450.00")
    (unsure,) = await kept(works, replace(STOP, money=Decimal("450.00"), coverage=0.5))
    assert unsure.coverage == 0.5
    await kept(works, replace(STOP, money=Decimal("450.001"), coverage=0.5))
    assert await events(works) == ["loss.opened", "loss.closed", "loss.updated", "loss.updated"]


async def test_one_that_is_found_already_over_is_told_opened_and_closed(works: Any) -> None:
    await kept(works, STOP)
    assert await events(works) == ["loss.opened", "loss.closed"]
