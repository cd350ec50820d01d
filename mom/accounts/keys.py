"""API keys: for systems and scripts, in the name of a user. Shown once, kept as SHA-256."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.accounts.tokens import digest, new_token
from mom.accounts.users import SYSTEM, caller_of
from mom.caller import Caller
from mom.errors import NotFound
from mom.models import ApiKey, User

PREFIX = "lineside_"  # so that scanners of leaked secrets can know one
USED_EVERY = timedelta(minutes=1)


async def make_key(session: AsyncSession, user: User, name: str, now: datetime, by: str = SYSTEM) -> tuple[ApiKey, str]:
    """The row, and the key itself, shown only here."""
    token = new_token(PREFIX)
    key = ApiKey(name=name, key_sha256=digest(token), user_id=user.id, created_at=now)
    session.add(key)
    await session.flush()
    await _note(session, key, user, "key.added", by, now)
    return key, token


async def key_caller(session: AsyncSession, token: str, now: datetime, site_id: int | None = None) -> Caller | None:
    """Whom the key speaks for, or None: unknown, revoked, user disabled. Needs a writing session."""
    key = await session.scalar(select(ApiKey).where(ApiKey.key_sha256 == digest(token), ApiKey.ended_at.is_(None)))
    user = await session.get(User, key.user_id, populate_existing=True) if key else None
    if key is None or user is None or user.disabled_at is not None:
        return None
    if key.used_at is None or now - key.used_at >= USED_EVERY:
        key.used_at = now
    return replace(await caller_of(session, user, site_id), through="key")


async def revoke_key(session: AsyncSession, key_id: int, now: datetime, by: str = SYSTEM) -> None:
    """NotFound when there is none that is still good."""
    ended = update(ApiKey).where(ApiKey.id == key_id, ApiKey.ended_at.is_(None)).values(ended_at=now)
    key = await session.scalar(ended.returning(ApiKey))
    if key is None:
        raise NotFound(f"There is no live key {key_id}.", remedy="`lineside key list` shows those there are.")
    user = await session.get(User, key.user_id)
    if user is not None:
        await _note(session, key, user, "key.revoked", by, now)


async def list_keys(session: AsyncSession) -> Sequence[Row[ApiKey, str]]:
    """Every key with its user's name, newest first."""
    query = select(ApiKey, User.name).join(User, User.id == ApiKey.user_id).order_by(ApiKey.id.desc())
    return (await session.execute(query)).all()


async def _note(session: AsyncSession, key: ApiKey, user: User, act: str, by: str, now: datetime) -> None:
    site_id = (await caller_of(session, user)).site_id if user.disabled_at is None else user.site_id
    if site_id is not None:
        subject = f"key:{key.id}"
        await audit.append(
            session, site_id=site_id, at=now, actor=by, act=act, subject=subject, detail={"name": key.name}
        )
