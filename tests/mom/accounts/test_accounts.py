"""Who gets in, how, and for how long."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from mom.accounts.keys import key_caller, list_keys, make_key, revoke_key
from mom.accounts.links import LASTS, make_link, use_link
from mom.accounts.sessions import IDLE, LONGEST, end_session, session_caller, start_session
from mom.accounts.sign_in import FREE, LONGEST_WAIT, sign_in
from mom.accounts.users import add_user, caller_of, disable, set_password, user_named
from mom.errors import BadInput, Conflict, NotFound, NotSignedIn
from mom.models import ApiKey, SignInLink, SignInSession, Site, User

PASSWORD = "blue kettle on the roof"


@pytest.fixture
async def store(database, now):
    async with database.write.begin() as session:
        session.add_all([Site(code="plant", name="Plant"), Site(code="other", name="Other")])
        await session.flush()
        await add_user(session, "ana", ["supervisor"], now=now, site_id=1, password=PASSWORD)
        await add_user(session, "max", ["manager", "planner"], now=now)
    return database


async def attempt(store, now, name="ana", password=PASSWORD, address="10.0.0.7"):
    async with store.write.begin() as session:
        return await sign_in(session, name, password, address, now)


async def caller(store, token, now):
    async with store.write.begin() as session:
        return await session_caller(session, token, now)


async def test_the_right_password_opens_a_session(store, now):
    done = await attempt(store, now)
    who = await caller(store, done.token, now)
    assert (who.name, who.site_id, who.roles) == ("ana", 1, {"supervisor"})


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ana", "wrong password"),
        ("nobody", PASSWORD),
        ("max", PASSWORD),
        ("ana", ""),
        ("a\x00na", "x"),
        ("ana", "x" * 100_000),
    ],
)
async def test_a_wrong_one_does_not_and_tells_nothing(store, now, name, password):
    done = await attempt(store, now, name, password)
    assert (done.token, done.refusal) == (None, "Name or password is wrong.")


async def test_no_secret_is_stored(store, now):
    done = await attempt(store, now)
    async with store.write.begin() as session:
        link = await make_link(session, await user_named(session, "ana"), now)
        _, key = await make_key(session, await user_named(session, "ana"), "erp", now)
        kept = [
            (await session.scalars(select(column))).all()
            for column in (SignInSession.token_sha256, SignInLink.token_sha256, ApiKey.key_sha256, User.password_hash)
        ]
    flat = " ".join(str(value) for values in kept for value in values)
    assert not [secret for secret in (done.token, link, key, PASSWORD) if secret in flat]
    assert "$argon2id$" in flat


async def test_guessing_is_slowed_by_name(store, now):
    for _ in range(FREE["user"]):
        assert (await attempt(store, now, password="guess guess")).wait == timedelta()
    waits = []
    moment = now
    for _ in range(10):
        done = await attempt(store, moment, address="10.9.9.9")
        assert done.token is None, "the right password has to wait as well"
        waits.append(done.wait)
        moment += done.wait
        assert (await attempt(store, moment, password="guess guess")).refusal == "Name or password is wrong."
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert (await attempt(store, moment + LONGEST_WAIT)).token


async def test_guessing_is_slowed_by_address(store, now, monkeypatch):
    monkeypatch.setitem(FREE, "address", 6)
    for number in range(FREE["address"]):
        await attempt(store, now, name=f"user{number}", password="guess guess")
    assert (await attempt(store, now)).wait > timedelta()
    assert (await attempt(store, now, address="10.0.0.8")).token


async def test_many_guesses_at_once_are_no_more_guesses(store, now):
    tried = await asyncio.gather(*(attempt(store, now, password="guess guess") for _ in range(30)))
    assert sum(done.refusal == "Name or password is wrong." for done in tried) <= FREE["user"]


async def test_a_session_ends_when_idle_when_old_and_when_left(store, now):
    token = (await attempt(store, now)).token
    assert await caller(store, token, now + IDLE) is None
    moment = now
    while moment < now + LONGEST - IDLE:
        moment += IDLE - timedelta(minutes=1)
        assert await caller(store, token, moment)
    assert await caller(store, token, now + LONGEST) is None
    other = (await attempt(store, now)).token
    async with store.write.begin() as session:
        await end_session(session, other, now)
    assert await caller(store, other, now) is None


async def test_a_made_up_cookie_is_nobody(store, now):
    for token in ("", "x", "\x00", "\ud800", "' OR 1=1 --", "a" * 10_000):
        assert await caller(store, token, now) is None


async def test_a_link_opens_once(store, now):
    async with store.write.begin() as session:
        token = await make_link(session, await user_named(session, "ana"), now)
        old = await make_link(session, await user_named(session, "ana"), now - LASTS)

    async def use(token):
        async with store.write.begin() as session:
            return await use_link(session, token, now)

    cookies = [cookie for cookie in await asyncio.gather(*(use(token) for _ in range(10))) if cookie]
    assert len(cookies) == 1
    assert (await caller(store, cookies[0], now)).name == "ana"
    assert await use(token) is await use(old) is await use("x") is None


async def test_a_key_speaks_for_its_user_until_it_is_revoked(store, now):
    async with store.write.begin() as session:
        row, key = await make_key(session, await user_named(session, "max"), "erp", now)
        assert (await key_caller(session, key, now)).roles == {"manager", "planner"}
        assert await key_caller(session, key + "x", now) is None
        assert [(found.name, name) for found, name in await list_keys(session)] == [("erp", "max")]
        await revoke_key(session, row.id, now)
        assert await key_caller(session, key, now) is None
        with pytest.raises(NotFound):
            await revoke_key(session, row.id, now)


async def test_nothing_of_a_disabled_user_lets_anybody_in(store, now):
    token = (await attempt(store, now)).token
    async with store.write.begin() as session:
        ana = await user_named(session, "ana")
        link = await make_link(session, ana, now)
        _, key = await make_key(session, ana, "erp", now)
        await disable(session, ana, now=now)
        assert await use_link(session, link, now) is None
        assert await key_caller(session, key, now) is None
        with pytest.raises(NotSignedIn):
            await caller_of(session, ana)
    assert await caller(store, token, now) is None
    assert (await attempt(store, now)).refusal == "Name or password is wrong."


async def test_a_new_password_signs_out(store, now):
    token = (await attempt(store, now)).token
    async with store.write.begin() as session:
        await set_password(session, await user_named(session, "ana"), "seven green apples", now=now)
    assert await caller(store, token, now) is None
    assert (await attempt(store, now)).token is None
    assert (await attempt(store, now, password="seven green apples")).token


async def test_a_user_of_every_site_chooses_one_of_their_own_does_not(store, now):
    async with store.write.begin() as session:
        ana, everywhere = await user_named(session, "ana"), await user_named(session, "max")
        assert (await caller_of(session, everywhere)).site_id == 1
        assert (await caller_of(session, everywhere, 2)).site_id == 2
        assert (await caller_of(session, ana, 2)).site_id == 1


@pytest.mark.parametrize(
    ("name", "roles", "password", "error", "words"),
    [
        ("ana", ["operator"], None, Conflict, "user ana already"),
        ("Ana M", ["operator"], None, BadInput, "small letters"),
        ("eva", ["boss"], None, BadInput, "role is 'boss'"),
        ("eva", [], None, BadInput, "role is missing"),
        ("eva", ["operator"], "short", BadInput, "5 characters"),
        ("eva", ["operator"], "password1234", BadInput, "easy to guess"),
        ("eva", ["operator"], "aaaaaaaaaaaaaa", BadInput, "easy to guess"),
        ("evamaria", ["operator"], "evamaria-1990", BadInput, "easy to guess"),
    ],
)
async def test_what_is_wrong_with_a_user_is_named(store, now, name, roles, password, error, words):
    async with store.write() as session:
        with pytest.raises(error, match=words) as raised:
            await add_user(session, name, roles, now=now, password=password)
        assert password is None or password not in str(raised.value)


async def test_the_reader_sees_no_secret(store, now):
    async with store.read() as session:
        assert await session.scalar(select(func.count(User.id))) == 2
    for statement in ("SELECT password_hash FROM users", "SELECT * FROM sign_in_sessions", "SELECT * FROM api_keys"):
        async with store.read() as session:
            with pytest.raises(Exception, match="permission denied"):
                await session.execute(text(statement))


async def test_sessions_started_for_a_user_are_theirs(store, now):
    async with store.write.begin() as session:
        token = await start_session(session, await user_named(session, "max"), now)
    assert (await caller(store, token, now)).name == "max"
