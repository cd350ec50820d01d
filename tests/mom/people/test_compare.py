"""Crews of a plant from its own rows; who may see whom."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from mom.caller import Caller
from mom.errors import NotAllowed
from mom.facts import Window
from mom.kpis.asked import scope_named
from mom.people.compare import compare
from mom.store.plants import layout_of

START = datetime.fromisoformat("2026-03-02T05:00:00+00:00")  # 06:00 in Vienna
DAYS = 20
WINDOW = Window(START, START + timedelta(days=DAYS))
SLOW = 1.08
STATE = """INSERT INTO state_intervals (site_id, equipment_id, started_at, ended_at, state)
    VALUES (%s, %s, %s, %s, 'Execute')"""
RUN = 'INSERT INTO runs (site_id, equipment_id, started_at, ended_at, "order", product) VALUES (%s, %s, %s, %s, %s, %s)'
COUNT = """INSERT INTO counts (site_id, source, equipment_id, started_at, ended_at, product, produced, good)
    VALUES (%s, 'plc', %s, %s, %s, %s, %s, %s)"""


async def people(works: Any, **sizes: int) -> None:
    for crew, size in sizes.items():
        for number in range(size):
            await works.connection.execute(
                "INSERT INTO persons (site_id, source, key, name, crew, trade) VALUES (%s, 'erp', %s, %s, %s, 'operator')",
                [works.site_id, f"{crew}{number}", f"Person {crew}{number}", crew],
            )


@pytest.fixture
async def worked(works: Any) -> Any:
    """Twenty days of two crews at the filler. Crew B takes 8 % more time; crew A has the slow product more often."""
    draw = random.Random(11)
    filler, line, site = works.equipment("line/filler"), works.equipment("line"), works.site_id
    async with works.store.read() as session:
        shifts = (await layout_of(session, site)).shifts(WINDOW)
    async with works.connection.cursor() as cursor:
        for shift in shifts:
            await cursor.execute(STATE, [site, filler, shift.start, shift.end])
            for half in range(2):
                start = shift.start + half * (shift.end - shift.start) / 2
                product = draw.choice("BBA" if shift.crew == "A" else "BAA")
                order = f"{start:%d%H}"
                await cursor.execute(RUN, [site, line, start, start + timedelta(hours=4), order, product])
                pace = {"A": 60, "B": 30 * 0.65}[product] / (SLOW if shift.crew == "B" else 1.0) * draw.gauss(1, 0.02)
                for hour in range(4):
                    at = start + timedelta(hours=hour)
                    await cursor.execute(
                        COUNT, [site, filler, at, at + timedelta(minutes=1), product, 60 * pace, 60 * pace]
                    )
    return works


def caller(works: Any, *roles: str) -> Caller:
    return Caller(works.site_id, 1, "eva", frozenset(roles))


async def compared(works: Any, by: Any = "crew", *roles: str, chat: bool = False) -> Any:
    async with works.store.read() as session, works.store.write() as named:
        layout = await layout_of(session, works.site_id)
        who, lines = caller(works, *roles), ["works/line"]
        return await compare(
            session, layout, who, lines, WINDOW, WINDOW.end, by, named=None if chat else named
        )  # fmt: skip


async def test_the_slower_crew_is_found_whatever_product_it_had(worked: Any) -> None:
    await people(worked, A=6, B=5)
    found = await compared(worked)
    assert found.withheld == {}
    a, b = found.rows
    assert b.differs and b.low <= SLOW**0.5 - 1 <= b.high
    assert b.effect == pytest.approx(SLOW**0.5 - 1, abs=0.015)
    assert a.plain > 0 > a.effect, "with the slow product it looked worse than it is"


async def test_a_small_crew_is_withheld_and_its_work_is_in_nobodys_figure(worked: Any) -> None:
    await people(worked, A=7, B=4)
    found = await compared(worked)
    assert set(found.withheld) == {"A", "B"} and list(found.rows) == []
    async with worked.store.read() as session:
        layout = await layout_of(session, worked.site_id)
        for crew, why in (("B", "group B has 4 people"), ("A", "that of fewer than 5 people would follow")):
            with pytest.raises(NotAllowed, match=why):
                await scope_named(session, layout, crew=crew)
        assert (await scope_named(session, layout, shift="early")).shift == "early"


async def test_persons_are_for_nobody_unless_the_plant_names_a_role(worked: Any) -> None:
    for roles in (("operator",), ("supervisor", "manager"), ("admin",)):
        with pytest.raises(NotAllowed, match="in this plant nobody may see them"):
            await compared(worked, "person", *roles)
    async with worked.store.write.begin() as session:
        policy = """UPDATE sites SET plant = jsonb_set(plant, '{people}', '{"visible_to": ["manager"]}')"""
        await session.execute(text(policy))
    with pytest.raises(NotAllowed, match="only manager may see them"):
        await compared(worked, "person", "supervisor", "admin")
    with pytest.raises(NotAllowed, match="not shown in the chat"):
        await compared(worked, "person", "manager", chat=True)
    await worked.connection.execute(
        "INSERT INTO personnel_times (site_id, source, key, kind, person, crew, equipment, started_at, ended_at)"
        " SELECT %s, 'erp', 'w' || n, 'work', 'P' || n %% 2, NULL, 'line', %s + n * interval '8 hours',"
        " %s + n * interval '8 hours' + interval '7 hours' FROM generate_series(0, 50) n WHERE n %% 3 <> 2",
        [worked.site_id, START, START],
    )
    assert [row.group for row in (await compared(worked, "person", "manager")).rows] == ["P0", "P1"]
