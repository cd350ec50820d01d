"""What nobody sees is not reckoned as lost."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mom.history.keep_up import keep_up
from mom.models import Link, Loss

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def heard(works: Any, seconds: float) -> None:
    """The machines' source was heard for the last time."""
    async with works.store.write.begin() as session:
        session.add(Link(site_id=works.site_id, connector="plc", protocol="modbus", since=START, alive_at=at(seconds)))


async def looked_at(works: Any, seconds: float) -> Loss:
    while await keep_up(works.store, at(seconds)):
        pass
    async with works.store.read() as session:
        return (await session.scalars(select(Loss).where(Loss.superseded_at.is_(None)))).one()


async def test_a_stop_does_not_grow_while_its_source_is_silent(works: Any) -> None:
    await works.put(("line.product", 0, 1), ("filler.state", 0, 1), ("filler.state", 600, 2))
    await heard(works, 1200)
    assert (await looked_at(works, 1210)).seconds == 610
    silent = await looked_at(works, 1800)
    assert (silent.seconds, silent.units, silent.ended_at) == (600, 600, None)
    assert silent.coverage == 0.5
