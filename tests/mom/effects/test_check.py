"""A task's effect, from the losses and states in the store."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from mom.caller import Caller
from mom.effects.baseline import baseline_of
from mom.effects.check import check_due, comparable
from mom.effects.measure import Day, days_of, measure_of, whole_days
from mom.effects.tasks import end_task
from mom.errors import Conflict, NotAllowed, NotFound
from mom.facts import Window
from mom.models import Effect, Equipment, Event, ImprovementTask, Loss, Site, StateInterval, Tag, User

DAY = timedelta(days=1)
PLANT = {
    "site": {"id": "plant", "name": "Plant"},
    "time_zone": "Europe/Vienna",
    "calendar": {
        "shifts": [{"name": "day", "start": "06:00", "end": "22:00", "days": ["mon", "tue", "wed", "thu", "fri"]}]
    },
    "equipment": [{"id": "capper", "name": "Capper", "level": "work_unit"}],
}


class Plant:
    """A capper that was watched for sixty days, and what it lost on each."""

    def __init__(self, store, now):
        self.store, self.now = store, now

    async def make(self):
        async with self.store.write.begin() as session:
            session.add(Site(code="plant", name="Plant", time_zone="Europe/Vienna", plant=PLANT))
            await session.flush()
            session.add_all(
                [
                    Equipment(site_id=1, path="plant/capper", code="capper", name="Capper", level="work_unit"),
                    User(name="eva", roles=["supervisor"], site_id=1),
                ]
            )
            await session.flush()
            session.add(Tag(site_id=1, equipment_id=1, name="capper.state", connector="plc", meaning="state"))
        return self

    async def watched(self, start, end, state="Idle"):
        async with self.store.write.begin() as session:
            session.add(StateInterval(site_id=1, equipment_id=1, state=state, started_at=start, ended_at=end))

    async def lost(self, days_ago, minutes, *, rule="stop", parts=False):
        """At ten in the morning, so many minutes; `parts`: as one trouble that goes on for shifts."""
        async with self.store.write.begin() as session:
            begins = [(self.now - ago * DAY).replace(hour=8) for ago in days_ago]
            rows = [(start, value) for start, value in zip(begins, minutes, strict=True) if value]
            if parts:
                figures = {
                    "parts": [
                        {
                            "shift": s.isoformat(),
                            "from": s.isoformat(),
                            "to": s.isoformat(),
                            "seconds": v * 60,
                            "units": 0,
                            "money": str(v),
                            "evidence": [],
                            "figures": {},
                        }
                        for s, v in rows
                    ]
                }
                session.add(self._loss(rule, rows[0][0], sum(v for _, v in rows), figures, rows[-1][0]))
                return
            for start, value in rows:
                session.add(self._loss(rule, start, value, {}))

    def _loss(self, rule, start, minutes, figures, end=None):
        return Loss(
            site_id=1,
            equipment_id=1,
            rule=rule,
            kind="breakdown",
            key=f"{rule}:{start}",
            title="Cap jam",
            reason="cap jam",
            started_at=start,
            ended_at=end or start + timedelta(minutes=minutes),
            found_at=start,
            updated_at=start,
            seconds=minutes * 60,
            money=Decimal(minutes),
            figures=figures,
        )

    async def task(self, done_days_ago, **columns):
        async with self.store.write.begin() as session:
            loss = await session.scalar(select(Loss).order_by(Loss.id).limit(1))
            done_at = self.now - done_days_ago * DAY
            given = {
                "measure": f"{loss.rule}.seconds",
                "unit": "min/day",
                "reason": "cap jam",
                "target": None,
                "status": "done",
                "done_at": done_at,
            }
            given |= {"due_on": done_at.date(), "check_on": self.now.date()}
            row = ImprovementTask(
                site_id=1,
                loss_id=loss.id,
                equipment_id=1,
                title="Clean the chute",
                baseline_from=done_at - 21 * DAY,
                baseline_to=done_at,
                owner="eva",
                **(given | columns),
            )
            session.add(row)
        return row.id

    async def checked(self):
        async with self.store.write.begin() as session:
            return await check_due(session, self.now)


@pytest.fixture
async def plant(database, now):
    made = await Plant(database, now).make()
    await made.watched(now - 60 * DAY, now)
    return made


def around(seed, mean, count):
    print("seed", seed)
    dice = random.Random(seed)
    return [max(1, dice.gauss(mean, 4)) for _ in range(count)]


@pytest.mark.parametrize("parts", [False, True])
async def test_it_helped_and_what_that_is_worth(plant, parts):
    await plant.lost(range(40, 14, -1), around(1, 40, 26), parts=parts)
    await plant.lost(range(14, 0, -1), around(2, 15, 14), parts=parts)
    await plant.task(14)
    (effect,) = await plant.checked()
    assert effect.verdict == "better"
    assert (effect.detail["days_before"], effect.detail["days_after"]) == (15, 10)
    assert effect.low < effect.difference < effect.high < 0
    assert effect.difference == pytest.approx(effect.after - effect.before)
    assert float(effect.money) == pytest.approx(-effect.difference, rel=0.02), "a minute costs one euro here"
    assert await plant.checked() == []
    async with plant.store.read() as session:
        assert (await session.scalar(select(ImprovementTask))).status == "checked"
        assert await session.scalar(select(func.count()).where(Event.kind == "effect.checked")) == 1
        assert {loss.status for loss in await session.scalars(select(Loss))} == {"new", "better"}


async def test_days_without_the_loss_count_and_days_unseen_do_not(plant, now):
    await plant.lost([9, 3], [50, 50])
    week = now - 7 * DAY
    async with plant.store.write() as session:
        loss = await session.scalar(select(Loss))
        seen = await days_of(session, measure_of(loss), now - 10 * DAY, now, now)
        assert [day.value for day in seen].count(0) == len(seen) - 2
        assert {day.on.weekday() for day in seen} <= {0, 1, 2, 3, 4}, "nobody works at the weekend"
        whole = await session.scalar(select(StateInterval))
        whole.ended_at = week
        await session.commit()
        await session.refresh(loss)
        blind = await days_of(session, measure_of(loss), now - 10 * DAY, now, now)
        assert [day.coverage for day in blind if day.on > week.date()] == [0.0] * 5
        before = await baseline_of(session, loss, now, days=9)
        assert before.days == len([day for day in blind if day.coverage > 0.95])


async def test_a_plant_that_was_not_watched_cannot_tell(plant, now):
    await plant.lost(range(40, 0, -1), around(1, 40, 40))
    async with plant.store.write.begin() as session:
        (await session.scalar(select(StateInterval))).ended_at = now - 14 * DAY
    await plant.task(14)
    (effect,) = await plant.checked()
    assert (effect.verdict, effect.money) == ("cannot tell", None)
    assert "0 after were seen" in effect.detail["why"]


async def test_a_task_that_is_not_due_waits(plant, now):
    await plant.lost([5], [10])
    await plant.task(3, check_on=(now + DAY).date())
    assert await plant.checked() == []


async def test_a_task_nobody_marked_is_measured_from_its_due_date(plant, now):
    await plant.lost(range(40, 0, -1), around(1, 40, 40))
    await plant.task(14, status="open", done_at=None)
    (effect,) = await plant.checked()
    assert effect.detail["marked_done"] is False
    assert (
        effect.detail["since"]
        == datetime.combine((now - 13 * DAY).date(), datetime.min.time(), ZoneInfo("Europe/Vienna"))
        .astimezone(UTC)
        .isoformat()
    )


async def test_who_may_end_a_task(plant, now):
    await plant.lost([5], [10])
    number = await plant.task(0, status="open", done_at=None)
    eva, nobody, stranger = (
        Caller(1, 1, "eva", frozenset({"supervisor"})),
        Caller(1, 2, "x"),
        Caller(2, 3, "y", frozenset({"admin"})),
    )
    async with plant.store.write.begin() as session:
        for who, error in ((nobody, NotAllowed), (stranger, NotFound)):
            with pytest.raises(error):
                await end_task(session, number, done=True, caller=who, now=now)
        assert (await end_task(session, number, done=True, caller=eva, now=now)).done_at == now
        with pytest.raises(Conflict, match="already done"):
            await end_task(session, number, done=False, caller=eva, now=now)


async def test_several_workers_check_once(plant, now):
    import asyncio

    await plant.lost(range(40, 0, -1), around(1, 40, 40))
    await plant.task(14)
    await asyncio.gather(*(plant.checked() for _ in range(4)))
    async with plant.store.read() as session:
        assert await session.scalar(select(func.count()).select_from(Effect)) == 1


def test_weekdays_are_compared_with_their_like():
    start = datetime(2026, 8, 3, tzinfo=UTC).date()
    before = [Day(start + n * DAY, n, 0) for n in range(7)]
    after = [Day(start + (7 + n) * DAY, n, 0) for n in range(7) if n != 5]
    assert comparable(before, after) == (before, after), "less than a week: all of it"
    after += [Day(start + (14 + n) * DAY, n, 0) for n in range(2)]
    old, new = comparable(before, after)
    assert {day.on.weekday() for day in old} == {day.on.weekday() for day in new} == {0, 1, 2, 3, 4, 6}
    assert (len(old), len(new)) == (6, 8), "all of those: a longer time before makes it surer"


def test_days_are_whole_where_the_clocks_change():
    vienna = ZoneInfo("Europe/Vienna")
    spring = whole_days(Window(datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 31, 12, tzinfo=UTC)), vienna)
    assert [day.seconds / 3600 for _, day in spring] == [24, 23, 24]
    autumn = whole_days(Window(datetime(2026, 10, 23, 12, tzinfo=UTC), datetime(2026, 10, 27, 12, tzinfo=UTC)), vienna)
    assert [day.seconds / 3600 for _, day in autumn] == [24, 25, 24]
