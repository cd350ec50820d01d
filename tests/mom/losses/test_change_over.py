"""A change-over against its standard, and what follows it, where shifts end and nights are closed."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from mom.history import keep_up as module
from mom.history.keep_up import keep_up
from mom.models import Loss, StateInterval
from mom.plant.apply import apply_plant
from mom.plant.schema import Plant

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
TWO, TEN, SIX = 7 * 3600, 15 * 3600, 23 * 3600
"""Seconds after the start: the late shift begins, it ends, the next day's early shift begins."""


async def found(works: Any, seconds: float, rule: str) -> list[Loss]:
    while await keep_up(works.store, START + timedelta(seconds=seconds)):
        pass
    async with works.store.read() as session:
        return list(await session.scalars(select(Loss).where(Loss.superseded_at.is_(None), Loss.rule == rule)))


async def changed_over(works: Any, start: float, end: float) -> None:
    await works.put(
        ("line.product", 0, 1), ("filler.state", 0, 1), ("filler.set_up", start, 1), ("filler.state", start, 6)
    )
    await works.put(("filler.set_up", end, 0), ("filler.state", end, 1), ("line.product", end, 2))


async def test_a_change_over_is_measured_in_planned_time(works: Any) -> None:
    await changed_over(works, TEN - 600, SIX + 1800)
    (loss,) = await found(works, SIX + 3600, "set_up")
    assert (loss.figures["actual_seconds"], loss.seconds) == (2400, 1200)
    assert await found(works, SIX + 3600, "stop") == []


async def test_start_up_minutes_go_on_in_the_next_shift(works: Any) -> None:
    await changed_over(works, TWO - 1200, TWO - 120)
    good = [(TWO - 120 + 60 * n, 15 * n) for n in range(14)]  # half of what B's standard says
    await works.put(*[("filler.good", at, pieces) for at, pieces in good])
    parts = [part for loss in await found(works, TWO + 900, "start_up") for part in loss.figures["parts"]]
    assert [(part["from"], part["seconds"]) for part in parts] == [
        ((START + timedelta(seconds=TWO - 120)).isoformat(), 60),
        ((START + timedelta(seconds=TWO)).isoformat(), 450),
    ]


async def test_a_change_over_of_every_site_is_looked_at(works: Any, monkeypatch: Any) -> None:
    """Of two plants in which machines are changed over, neither waits for the other to be done."""
    await works.put(("line.product", 0, 1), ("filler.state", 0, 1), ("filler.set_up", 60, 1), ("filler.state", 60, 6))
    while await keep_up(works.store, START + timedelta(seconds=61)):
        pass
    async with works.store.write.begin() as session:
        file = await session.scalar(text("SELECT plant FROM sites"))
        other = Plant.model_validate({**file, "site": {"id": "works-2", "name": "Works 2"}})
        applied = await apply_plant(session, other)
        filler = applied.equipment["line/filler"]
        here = {"site_id": applied.site_id, "equipment_id": filler, "started_at": START + timedelta(seconds=60)}
        session.add(StateInterval(**here, state="Stopped", detail="", mode="set_up"))
    looked: list[int] = []

    async def look_at(session: Any, site_id: int, equipment: list[int], now: datetime) -> None:
        looked.append(site_id)

    monkeypatch.setattr(module, "_look_at", look_at)
    await keep_up(works.store, START + timedelta(seconds=60 + 15 * 10))
    assert looked == [works.site_id, applied.site_id]
