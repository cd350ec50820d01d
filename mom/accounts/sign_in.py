"""Sign in by name and password; guessing is slowed down by name and by address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mom.accounts.passwords import matches
from mom.accounts.sessions import start_session
from mom.models import SignInAttempt, User

FREE = {"user": 5, "address": 20}  # wrong ones before one has to wait; a plant may share one address
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What came of trying: `token` is the cookie's value, or None with the text to show and when to try again."""

    token: str | None
    refusal: str = ""
    wait: timedelta = timedelta()


async def sign_in(session: AsyncSession, name: str, password: str, address: str, now: datetime) -> SignedIn:
    """Never raises for a wrong password: the caller commits either way, so that failures are counted.

    A right password is refused too while one has to wait; the words do not tell whether the name exists.
    """
    name = name[:64].replace("\x00", "")
    keys = [f"user:{name.lower()}", f"address:{address[:64]}"]
    if not await _alone(session, keys[0]):
        return SignedIn(None, "Somebody else is just signing in by that name. Try again.", FIRST_WAIT)
    wait = max([await _wait(session, key, now) for key in keys])
    if wait > timedelta():
        seconds = int(wait.total_seconds()) + 1
        return SignedIn(None, f"Too many wrong attempts. Try again in {seconds} s.", wait)
    user = await session.scalar(select(User).where(User.name == name))
    right = await matches(user.password_hash if user else None, password)
    if user is None or not right or user.disabled_at is not None:
        for key in keys:
            await _count(session, key, now)
        return SignedIn(None, "Name or password is wrong.")
    await session.execute(delete(SignInAttempt).where(SignInAttempt.key == keys[0]))
    return SignedIn(await start_session(session, user, now))


async def _alone(session: AsyncSession, key: str) -> bool:
    """One attempt at a time by name, so that many at once do not get more guesses than one after the other."""
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended(key, 0)))))


async def _wait(session: AsyncSession, key: str, now: datetime) -> timedelta:
    """How long until this key may try again: doubled with each wrong one beyond those that are free."""
    row = await session.get(SignInAttempt, key, populate_existing=True)
    if row is None or now - row.last_at > FORGOTTEN:
        return timedelta()
    over = row.failures - FREE[key.partition(":")[0]]
    if over < 0:
        return timedelta()
    pause: timedelta = min(FIRST_WAIT * 2 ** min(over, 20), LONGEST_WAIT)
    return max(timedelta(), row.last_at + pause - now)


async def _count(session: AsyncSession, key: str, now: datetime) -> None:
    old = await session.get(SignInAttempt, key)
    start = 1 if old is None or now - old.last_at > FORGOTTEN else SignInAttempt.failures + 1
    row = insert(SignInAttempt).values(key=key, failures=1, last_at=now)
    again = row.on_conflict_do_update(index_elements=["key"], set_={"failures": start, "last_at": now})
    await session.execute(again)
