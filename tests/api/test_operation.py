"""What the person who starts a plant is told, and what the run came to in the end."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from api.greeting import DEMO_PEOPLE, FIRST_ADMIN, GREETED, ensure_users, greeting
from api.operation import caught_up
from api.secrets_file import ensure_secrets
from api.summary import summary
from mom.accounts.links import use_link
from mom.models import Equipment, Link, Loss, Reading, Site, Tag, User
from mom.plant.schema import Plant

MINUTE = timedelta(minutes=1)
PLANT = Plant.model_validate(
    {
        "site": {"id": "s", "name": "S"},
        "calendar": {"shifts": []},
        "equipment": [],
        "connectors": [{"id": "plc", "protocol": "modbus", "tags": []}],
    }
)


@pytest.fixture
async def site(database) -> int:
    async with database.write() as session:
        site = Site(code="s", name="S")
        session.add(site)
        await session.commit()
        return site.id


async def test_each_link_signs_its_user_in_once(database, site, now):
    await ensure_users(database, DEMO_PEOPLE, now, only_first=False)
    await ensure_users(database, DEMO_PEOPLE, now, only_first=False)
    text = await greeting(database, "http://127.0.0.1:8400", GREETED, now)
    lines = [line for line in text.splitlines() if "sign in as" in line]
    assert [line.split()[3] for line in lines] == ["supervisor", "manager"]
    token = lines[0].split("token=")[1]
    async with database.write() as session:
        assert await session.scalar(select(func.count()).select_from(User)) == len(DEMO_PEOPLE)
        assert await use_link(session, token, now) is not None
        assert await use_link(session, token, now) is None


async def test_a_plant_that_has_users_gets_no_admin_of_ours(database, site, now):
    await ensure_users(database, {"ana": ("manager",)}, now, only_first=True)
    await ensure_users(database, FIRST_ADMIN, now, only_first=True)
    async with database.read() as session:
        assert (await session.scalars(select(User.name))).all() == ["ana"]


async def test_the_summary_counts_what_was_offered_stored_and_found(database, site, now):
    async with database.write() as session:
        machine = Equipment(site_id=site, path="s/m", code="m", name="M", level="work_unit")
        session.add(machine)
        await session.flush()
        tag = Tag(site_id=site, equipment_id=machine.id, name="t", connector="plc", meaning="signal")
        session.add_all([tag, Link(site_id=site, connector="plc", protocol="modbus", since=now, readings=3)])
        await session.flush()
        session.add_all(
            Reading(tag_id=tag.id, at=now + timedelta(seconds=s), received_at=now, number=1.0) for s in range(3)
        )
        session.add_all(_loss(site, machine.id, f"k{s}", now + timedelta(seconds=s)) for s in (-60, 7, 30))
        await session.commit()
        found = await summary(session, now, now + timedelta(seconds=5), past_offered=0)
    assert found == {
        "readings_offered": 3, "readings_stored": 3, "losses_opened": 2, "proposals_pending": 0,
        "seconds_to_page": 5.0, "seconds_to_first_loss": 2.0,
    }  # fmt: skip


def _loss(site: int, machine: int, key: str, at) -> Loss:
    return Loss(
        site_id=site, equipment_id=machine, rule="stop", kind="stop", key=key, title="t",
        started_at=at, found_at=at, updated_at=at,
    )  # fmt: skip


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path):
    path = ensure_secrets(tmp_path, ["erp"])
    first = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    ensure_secrets(tmp_path, ["erp"])
    assert path.read_text() == first
    ensure_secrets(tmp_path, ["erp", "cmms"])
    assert path.read_text().count("whsec_") == 2
    assert first.split('"')[3] in path.read_text()


async def test_ready_is_what_this_plants_own_connectors_say_now(database, site):
    since = datetime.now(UTC)
    own = Link(site_id=site, connector="plc", protocol="modbus", since=since, state="alive")
    own.alive_at, own.lease_until = since - MINUTE, since + MINUTE  # by one that was killed a moment ago
    async with database.write() as session:
        replayed = Site(code="replayed", name="R")
        session.add_all([own, replayed])
        await session.flush()
        for where, name in ((replayed.id, "plc"), (site, "gone")):
            other = Link(site_id=where, connector=name, protocol="modbus", since=since, state="alive")
            other.alive_at, other.lease_until = since + MINUTE, since + MINUTE
            session.add(other)
        await session.commit()
        assert not await caught_up(database, PLANT, since)
        own.alive_at, own.lease_until = since, since - MINUTE
        await session.commit()
        assert not await caught_up(database, PLANT, since)
        own.lease_until = since + MINUTE
        await session.commit()
        assert await caught_up(database, PLANT, since)
