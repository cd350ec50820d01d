"""Whatever is done to the audit's rows is found."""

import asyncio
import random

import pytest
from sqlalchemy import text

from mom import audit
from mom.models import Site

ENTRIES = 12


@pytest.fixture
async def chain(database, now):
    """A dozen entries, as the product writes them."""
    async with database.write.begin() as session:
        session.add(Site(code="plant", name="Plant"))
    for number in range(ENTRIES):
        async with database.write.begin() as session:
            detail = {"n": number, "x": 1.5, "text": "größer", "list": [1, None]}
            await audit.append(
                session, site_id=1, at=now, actor="user:1", act="test", subject=f"row:{number}", detail=detail
            )
    return database


async def faults_after(database, *statements):
    async with database.write() as session:
        for statement in statements:
            await session.execute(text(statement))
        found = await audit.verify(session)
        await session.rollback()
        return found


async def test_an_untouched_chain_has_no_fault(chain):
    assert await faults_after(chain) == []


async def test_an_empty_one_neither(database):
    assert await faults_after(database) == []


CHANGES = [
    "UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE id = {n}",
    "UPDATE audit_entries SET actor = 'user:2' WHERE id = {n}",
    "UPDATE audit_entries SET act = 'other' WHERE id = {n}",
    "UPDATE audit_entries SET subject = 'row:99' WHERE id = {n}",
    "UPDATE audit_entries SET detail = detail || '{{\"x\": 1.25}}' WHERE id = {n}",
    "UPDATE audit_entries SET detail = '{{}}' WHERE id = {n}",
    "UPDATE audit_entries SET hash = sha256('x') WHERE id = {n}",
    "UPDATE audit_entries SET before = sha256('x') WHERE id = {n}",
    "DELETE FROM audit_entries WHERE id = {n}",
]


@pytest.mark.parametrize("number", [1, 2, 7, ENTRIES])
async def test_a_changed_or_removed_entry_is_found(chain, number):
    for change in CHANGES:
        assert await faults_after(chain, change.format(n=number)), change


async def test_entries_cut_off_the_end_are_missed(chain):
    for kept in range(ENTRIES):
        assert await faults_after(chain, f"DELETE FROM audit_entries WHERE id > {kept}")


async def test_a_hole_that_was_closed_up_is_found(chain):
    closed = "UPDATE audit_entries SET id = id - 1 WHERE id = {n}"
    later = [closed.format(n=n) for n in range(6, ENTRIES + 1)]
    assert await faults_after(chain, "DELETE FROM audit_entries WHERE id = 5", *later)


async def test_reordered_entries_are_found(chain):
    dice = random.Random(7)
    print("seed", 7)
    for _ in range(20):
        one, other = dice.sample(range(1, ENTRIES + 1), 2)
        swap = [
            f"UPDATE audit_entries SET id = 1000 WHERE id = {one}",
            f"UPDATE audit_entries SET id = {one} WHERE id = {other}",
            f"UPDATE audit_entries SET id = {other} WHERE id = 1000",
        ]
        assert await faults_after(chain, *swap), (one, other)


async def test_an_entry_put_in_is_found(chain):
    columns = "site_id, at, actor, act, subject, detail"
    for at in (0, 13, 5000):
        put = f"INSERT INTO audit_entries (id, {columns}, before, hash) SELECT {at}, {columns}, before, hash FROM audit_entries WHERE id = 3"
        assert await faults_after(chain, put)


async def test_an_entry_put_in_with_its_own_good_hash_is_found(chain, now):
    """Somebody who knows how it is done, but not that the head is kept elsewhere."""
    async with chain.write() as session:
        await audit.append(session, site_id=1, at=now, actor="user:1", act="never", subject="row:0")
        await session.execute(text("UPDATE audit_heads SET entries = entries - 1"))
        assert await audit.verify(session)


async def test_many_writers_make_one_chain(chain, now):
    async def one(number):
        async with chain.write.begin() as session:
            await audit.append(session, site_id=1, at=now, actor=f"user:{number}", act="test", subject="row:0")

    await asyncio.gather(*(one(number) for number in range(12)))
    async with chain.read() as session:
        assert await audit.verify(session) == []
        assert (await audit.head(session))[0] == ENTRIES + 12


async def test_what_is_rolled_back_leaves_no_hole(chain, now):
    async with chain.write() as session:
        await audit.append(session, site_id=1, at=now, actor="user:1", act="test", subject="row:0")
        await session.rollback()
    async with chain.write.begin() as session:
        assert (await audit.append(session, site_id=1, at=now, actor="a", act="b", subject="c")).id == ENTRIES + 1
        assert await audit.verify(session) == []
