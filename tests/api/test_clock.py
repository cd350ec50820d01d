"""Every report is made once for its period and sent once, whoever looks at the clock and whenever."""

import asyncio
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from api.clock import last_period, reports, tick
from mom.models import Letter, ReportRun
from mom.plant.apply import apply_plant
from mom.plant.load import load_plant
from mom.plant.schema import Shift, Subscription
from mom.settings import Settings

ROOT = Path(__file__).parents[2]
TO = ("lead@plant.example", "manager@plant.example")
NOON = datetime(2026, 8, 19, 13, 0, tzinfo=UTC)  # 15:00 in the plant: the early shift ended an hour ago


@pytest.fixture
def settings(tmp_path):
    return Settings(LINESIDE_HOME=tmp_path)


@pytest.fixture
def plant():
    demo = load_plant(ROOT / "plant.yaml")
    return demo.model_copy(update={"connectors": (), "subscriptions": (Subscription(report="shift", to=TO),)})


@pytest.fixture
def applied(database):
    async def apply(plant):
        async with database.write.begin() as session:
            return (await apply_plant(session, plant)).site_id

    return apply


async def found(database):
    async with database.write() as session:
        runs = list(await session.scalars(select(ReportRun).order_by(ReportRun.id)))
        letters = list(await session.scalars(select(Letter).order_by(Letter.id)))
    return runs, letters


async def until_quiet(database, now, settings):
    while any(await asyncio.gather(*(tick(database, now, settings) for _ in range(3)))):
        pass


async def test_the_last_shift_is_made_once_and_sent_to_each_once(database, applied, plant, settings):
    await applied(plant)
    await until_quiet(database, NOON, settings)
    await until_quiet(database, NOON + timedelta(minutes=5), settings)
    runs, letters = await found(database)
    assert [(run.period, run.recipient, run.status) for run in runs] == [
        ("2026-08-19T06:00+02:00", recipient, "made") for recipient in ("", *TO)
    ]
    assert sorted(letter.to for letter in letters) == sorted(TO)
    shared = runs[0]
    assert shared.pdf.startswith(b"%PDF") and "Shift report" in shared.html and letters[0].html
    assert list(letters[0].attachments.values()) == [{"report_run": shared.id, "form": "pdf"}]
    assert letters[0].subject.startswith("Shift report, Wed 19 Aug 2026 06:00 to 14:00")


async def test_after_days_of_absence_only_the_last_shift_is_sent(database, applied, plant, settings):
    await applied(plant)
    await until_quiet(database, NOON, settings)
    back = NOON + timedelta(days=2)
    await until_quiet(database, back, settings)
    runs, letters = await found(database)
    assert [run.status for run in runs if not run.recipient] == ["made"] * 7
    assert [run.status for run in runs if run.recipient] == [*["made"] * 2, *["not sent"] * 10, *["made"] * 2]
    assert len(letters) == 4
    assert {letter.created_at for letter in letters[2:]} == {back}


async def test_in_the_hour_that_comes_twice_each_shift_is_reported_once(database, applied, plant, settings):
    shifts = (
        Shift(name="a", start=time(22), end=time(1, 30)),
        Shift(name="b", start=time(1, 30), end=time(2, 30)),
        Shift(name="c", start=time(2, 30), end=time(3, 30)),
        Shift(name="d", start=time(3, 30), end=time(22)),
    )
    calendar = plant.calendar.model_copy(update={"shifts": shifts, "rotation": None})
    await applied(plant.model_copy(update={"calendar": calendar}))
    for night in (datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 3, 28, 21, tzinfo=UTC)):
        for step in range(0, 7 * 60, 30):
            await until_quiet(database, night + timedelta(minutes=step), settings)
    runs, letters = await found(database)
    shared = [run for run in runs if not run.recipient and run.period.startswith("2026-10-25")]
    assert [run.period for run in shared] == ["2026-10-25T01:30+02:00", "2026-10-25T02:30+02:00"]
    assert [(run.to_at - run.from_at).total_seconds() / 60 for run in shared] == [60, 120]
    assert len({letter.key for letter in letters}) == len(letters)
    assert all(len([one for one in letters if one.subject == letter.subject]) == 2 for letter in letters)


async def test_a_recipient_of_one_line_gets_that_line_alone(database, applied, plant, settings):
    both = (Subscription(report="shift", to=TO[:1], lines=("line-1",)), Subscription(report="shift", to=TO[1:]))
    await applied(plant.model_copy(update={"subscriptions": both}))
    await until_quiet(database, NOON, settings)
    _, letters = await found(database)
    texts = {letter.to: letter.body for letter in letters}
    assert "Line 2" not in texts[TO[0]] and "Line 1" in texts[TO[0]]
    assert "Line 2" in texts[TO[1]]


async def test_killed_while_making_it_the_report_is_still_sent_once(database, applied, plant, settings):
    await applied(plant)
    code = (
        "import asyncio, sys\nfrom datetime import datetime\nfrom api.clock import tick\n"
        "from mom.database.access import engines\nfrom mom.settings import Settings\n"
        "async def main():\n    async with engines(sys.argv[1]) as store:\n        print('go', flush=True)\n"
        "        await tick(store, datetime.fromisoformat(sys.argv[2]), Settings(LINESIDE_HOME=sys.argv[3]))\n"
        "asyncio.run(main())\n"
    )
    words = [sys.executable, "-c", code, database.dsn, NOON.isoformat(), str(settings.home)]
    worker = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert worker.stdout is not None
    await worker.stdout.readline()
    for _ in range(400):  # until it has noted what is due, and makes it
        if (await found(database))[0]:
            break
        await asyncio.sleep(0.02)
    worker.kill()
    assert await worker.wait() == -9, "it was done before it could be killed"
    runs, letters = await found(database)
    assert (runs[0].status, letters) == ("due", [])
    await until_quiet(database, NOON, settings)
    runs, letters = await found(database)
    assert ([run.status for run in runs], len(letters)) == (["made"] * 3, 2)


async def test_the_last_period_is_that_of_the_plants_calendar(database, applied, plant):
    site_id = await applied(plant)
    async with database.read() as session:
        _, period = await last_period(session, reports()["shift"], site_id, NOON)
    assert (period.name, period.window.end) == ("early", datetime(2026, 8, 19, 12, tzinfo=UTC))
