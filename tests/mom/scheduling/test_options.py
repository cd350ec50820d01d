"""A breakdown, late material, an order in a hurry: two ways to go on, that can be proposed and carried out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from psycopg.types.range import Range
from sqlalchemy import select

from mom.caller import Caller
from mom.errors import NotFound, Unavailable
from mom.models import Count, Equipment, ProductionOrder, ScheduleEntry, Site, User
from mom.proposals.carry_out import carry_out
from mom.proposals.claim import claim
from mom.proposals.decide import decide
from mom.proposals.propose import propose
from mom.scheduling.events import Breakdown, Hurry, LateMaterial
from mom.scheduling.follow import follow_erp
from mom.scheduling.from_store import LEAD, problem_from_store, schedule_from_store
from mom.scheduling.live import options_now
from mom.scheduling.options import KEPT, REPLANNED
from mom.scheduling.plan import fits

PLANT = {
    "site": {"id": "plant", "name": "Plant"},
    "calendar": {"shifts": [{"name": "day", "start": "06:00", "end": "22:00"}]},
    "equipment": [
        {
            "id": "line-1",
            "name": "Line 1",
            "constraint": "filler",
            "units": [{"id": "filler", "name": "Filler", "level": "work_unit"}],
        },
        {"id": "line-2", "name": "Line 2"},
    ],
    "products": [
        {"id": "A", "name": "A", "rates": {"line-1": 100, "line-2": 50}},
        {"id": "B", "name": "B", "rates": {"line-1": 100}},
    ],
    "set_ups": [{"line": "line-1", "standard": "30min"}, {"line": "line-1", "from": "A", "to": "B", "standard": "1h"}],
    "costs": {"line_hour": {"line-1": "300"}, "late_order_day": "400"},
    "approvals": {"schedule_change": {"roles": ["planner"], "four_eyes_above": "0", "expires_after": "12h"}},
}
HOUR = timedelta(hours=1)


ORDERS = (
    ("1", "A", "running", -1, 2, 6, "line-1"),
    ("2", "A", "released", None, None, 30, None),
    ("3", "B", "released", 5.5, 7, 8, "line-1"),
    ("4", "A", "planned", 18, 20, 40, "line-1"),
    ("9", "B", "done", -30, -20, -10, "line-1"),
)
"""Number, product, status, planned start and end, due (hours from now), line."""


@pytest.fixture
async def store(database, now):
    """Order 1 runs and is half done; three wait as the ERP planned them."""
    async with database.write.begin() as session:
        session.add(Site(code="plant", name="Plant", plant=PLANT))
        await session.flush()
        for path in ("line-1", "line-2", "line-1/filler"):
            code = path.rpartition("/")[2]
            level = "work_unit" if code == "filler" else "work_center"
            node = {"site_id": 1, "path": f"plant/{path}", "code": code, "name": code, "level": level}
            session.add(Equipment(**node, is_constraint=code == "filler"))
        session.add(User(name="eva", roles=["planner"], site_id=1))
        session.add_all(_order(now, *row) for row in ORDERS)
        await session.flush()
        filler = await session.scalar(select(Equipment.id).where(Equipment.code == "filler"))
        span = {"started_at": now - HOUR, "ended_at": now}
        session.add(Count(site_id=1, equipment_id=filler, source="x", order="1", good=5100, produced=5200, **span))
        await follow_erp(session, now)
    return database


def _order(now, number, product, status, start, end, due, line):
    more = {"starts_at": "soon", "ends_at": None}
    if start is not None:
        more = {"starts_at": (now + start * HOUR).isoformat(), "ends_at": (now + end * HOUR).isoformat()}
    where = {"site_id": 1, "source": "erp", "key": number, "line": line, "more": more}
    return ProductionOrder(**where, product=product, quantity=10_200, status=status, due_at=now + due * HOUR)


async def test_the_problem_is_what_the_store_says(store, now):
    async with store.read() as session:
        schedule = await schedule_from_store(session, 1, now)
    problem = schedule.problem
    assert set(problem.by_number) == {"2", "3", "4"}
    assert problem.start == now + LEAD
    line = problem.by_path["plant/line-1"]
    assert (line.product, line.hour_cost) == ("A", 300)
    assert line.open[0].start == now + HOUR, "5,100 pieces are left of order 1, 85 a minute"
    assert problem.by_number["2"].seconds == {"plant/line-1": 7200, "plant/line-2": 14400}
    assert set(problem.by_number["3"].seconds) == {"plant/line-1"}
    assert problem.set_up("plant/line-1", "A", "B") == 3600
    assert schedule.current.sequences == {"plant/line-1": ["3", "4"]}, "order 2 has no place that can be read"


def current_of(order):
    return select(ScheduleEntry).where(ScheduleEntry.order == order, ScheduleEntry.superseded_at.is_(None))


async def test_the_erps_plan_is_followed_until_somebody_here_changed_it(store, now):
    async with store.write.begin() as session:
        assert await follow_erp(session, now) == 0
        entry = await session.scalar(select(ScheduleEntry).where(ScheduleEntry.order == "4"))
        entry.superseded_at = now
        await session.flush()
        session.add(
            ScheduleEntry(
                site_id=1,
                plan="proposal:1",
                equipment_id=entry.equipment_id,
                order="4",
                starts_at=now + 9 * HOUR,
                ends_at=now + 11 * HOUR,
                created_at=now + 365 * 24 * HOUR,
            )
        )
        await session.flush()
        assert await follow_erp(session, now) == 0
        order = await session.scalar(select(ProductionOrder).where(ProductionOrder.key == "3"))
        order.status = "done"
        later = await session.scalar(select(ProductionOrder).where(ProductionOrder.key == "4"))
        later.recorded = Range(now + 2 * 365 * 24 * HOUR, None)
        await session.flush()
        assert await follow_erp(session, now) == 2
        current = {
            e.order: e.plan
            for e in await session.scalars(select(ScheduleEntry).where(ScheduleEntry.superseded_at.is_(None)))
        }
        assert set(current) == {"1", "4"}
        later.status = "cancelled"
        (await session.scalar(current_of("4"))).plan = "proposal:2"
        await session.flush()
        assert await follow_erp(session, now) == 1, "what was approved here no longer blocks the line"
        assert await session.scalar(current_of("4")) is None
    assert current["4"].startswith("erp:")


@pytest.mark.parametrize(
    "event",
    [
        lambda now: Breakdown("plant/line-1", now + 10 * HOUR),
        lambda now: LateMaterial(("3",), now + 20 * HOUR),
        lambda now: Hurry("4"),
        lambda now: Hurry("2", "plant/line-2"),
    ],
    ids=["breakdown", "material", "hurry", "hurry on line 2"],
)
async def test_two_options_with_their_differences(store, now, event):
    async with store.read() as session:
        found = await options_now(session, 1, event(now), now, seconds=0.5)
        problem = await problem_from_store(session, 1, now)
    assert [option.title for option in found.options] == [KEPT, REPLANNED]
    assert all(fits(problem, option.plan) == [] for option in found.options)
    kept, anew = found.options
    assert found.difference["money"] == pytest.approx(anew.score.money - kept.score.money, abs=0.02)
    assert found.words.startswith("Plan anew against keep the sequence: ")
    if not isinstance(event(now), Hurry):
        assert anew.score.money <= kept.score.money


async def test_an_option_can_be_proposed_approved_and_carried_out(store, now):
    async with store.read() as session:
        found = await options_now(session, 1, Breakdown("plant/line-1", now + 10 * HOUR), now, seconds=0.5)
    async with store.write.begin() as session:
        made = await propose(
            session,
            caller=Caller(1, None, "triage"),
            agent="scheduler",
            action="schedule_change",
            payload={"title": "Plan line 1 anew", "reason": "The filler stands", "moves": found.options[1].moves},
            rationale="It is less late.",
            expected_effect=found.words,
            now=now,
        )
        eva = Caller(1, await session.scalar(select(User.id)), "eva", frozenset({"planner"}))
        await decide(session, made.id, approve=True, sha256=made.sha256, caller=eva, now=now)
        outcome = await carry_out(session, await claim(session, "w", now), now)
        assert outcome.done, outcome.words
        assert made.cost >= Decimal(0)
    async with store.read() as session:
        current = (await schedule_from_store(session, 1, now)).current
        planned = {place.order: place.starts_at for place in found.options[1].plan.places}
        assert {place.order: place.starts_at for place in current.places} == planned


@pytest.mark.parametrize(
    "event", [Breakdown("plant/line-7", None), LateMaterial(("77",), None), Hurry("1"), Hurry("3", "plant/line-2")]
)
async def test_what_is_not_there_is_named(store, now, event):
    async with store.read() as session:
        with pytest.raises(NotFound, match="There are: "):
            await options_now(session, 1, event, now, seconds=0)


async def test_a_site_without_a_plant_file_has_no_schedule(database, now):
    async with database.write.begin() as session:
        session.add(Site(code="imported", name="Imported"))
    async with database.read() as session:
        with pytest.raises(Unavailable, match="no plant file"):
            await problem_from_store(session, 1, now)
