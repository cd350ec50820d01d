"""A browser that is signed in: a random cookie, kept as its SHA-256, that ends when idle, when old, or at once."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mom.accounts.tokens import digest, new_token
from mom.accounts.users import caller_of
from mom.caller import Caller
from mom.models import SignInSession, User

IDLE = timedelta(hours=12)  # a shift and its handover
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)  # how exactly idleness is known; a write a minute, not one a request


async def start_session(session: AsyncSession, user: User, now: datetime) -> str:
    """The cookie's value, shown only here."""
    token = new_token()
    row = SignInSession(
        token_sha256=digest(token), user_id=user.id, created_at=now, seen_at=now, expires_at=now + LONGEST
    )
    session.add(row)
    await session.flush()
    return token


async def session_caller(
    session: AsyncSession, token: str, now: datetime, site_id: int | None = None, *, seen: bool = True
) -> Caller | None:
    """Who the cookie belongs to, or None: unknown, ended, too old, idle too long. Needs a writing session.

    `seen`: whether this shows that somebody is there.
    """
    row = await session.get(SignInSession, digest(token), populate_existing=True)
    if row is None or row.ended_at is not None or now >= row.expires_at or now - row.seen_at >= IDLE:
        return None
    user = await session.get(User, row.user_id, populate_existing=True)
    if user is None or user.disabled_at is not None:
        return None
    if seen and now - row.seen_at >= SEEN_EVERY:
        touched = update(SignInSession).where(
            SignInSession.token_sha256 == row.token_sha256, SignInSession.seen_at < now
        )
        await session.execute(touched.values(seen_at=now))
    return replace(await caller_of(session, user, site_id), through="session")


async def end_session(session: AsyncSession, token: str, now: datetime) -> None:
    """Sign out: the cookie is worth nothing from now on, whoever holds a copy."""
    ended = update(SignInSession).where(SignInSession.token_sha256 == digest(token), SignInSession.ended_at.is_(None))
    await session.execute(ended.values(ended_at=now))
