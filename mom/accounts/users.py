"""Users: who can sign in, with which roles, at which site."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import get_args

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mom import audit
from mom.accounts.passwords import check_new, hashed
from mom.caller import Caller
from mom.errors import BadInput, Conflict, NotFound, NotSignedIn
from mom.models import ApiKey, SignInLink, SignInSession, Site, User
from mom.plant.schema import Role

ROLES: tuple[str, ...] = get_args(Role)
NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,62}$")
SYSTEM = "system:command"


async def add_user(
    session: AsyncSession,
    name: str,
    roles: Iterable[str],
    *,
    now: datetime,
    site_id: int | None = None,
    display_name: str = "",
    email: str | None = None,
    password: str | None = None,
    by: str = SYSTEM,
) -> User:
    """Make a user. `site_id` none: every site. Raises BadInput, Conflict when the name is taken."""
    given = _roles(roles)
    if not NAME.match(name):
        raise BadInput(f"name is {name!r}: expected small letters, digits, '.', '-' or '_', such as ana.m.")
    if await session.scalar(select(User.id).where(User.name == name)) is not None:
        raise Conflict(f"There is a user {name} already.", remedy="Choose another name.")
    user = User(
        name=name,
        site_id=site_id,
        roles=given,
        display_name=display_name or name,
        email=email,
        created_at=now,
        password_hash=await hashed(check_new(password, name)) if password else None,
    )
    session.add(user)
    await session.flush()
    await _note(session, user, "user.added", {"roles": given}, by, now)
    return user


async def user_named(session: AsyncSession, name: str) -> User:
    """NotFound names how to see the list."""
    user = await session.scalar(select(User).where(User.name == name))
    if user is None:
        raise NotFound(f"There is no user {name}.", remedy="`lineside user list` shows who there is.")
    return user


async def list_users(session: AsyncSession) -> Sequence[User]:
    return (await session.scalars(select(User).order_by(User.name))).all()


async def set_password(session: AsyncSession, user: User, password: str, *, now: datetime, by: str = SYSTEM) -> None:
    """A new password signs the user out everywhere."""
    user.password_hash = await hashed(check_new(password, user.name))
    await end_sessions(session, user.id, now)
    await _note(session, user, "user.password", {}, by, now)


async def disable(session: AsyncSession, user: User, *, now: datetime, by: str = SYSTEM) -> None:
    """From now on nothing of the user's lets anybody in: sessions, links and keys end."""
    user.disabled_at = user.disabled_at or now
    await end_sessions(session, user.id, now)
    await session.execute(
        update(SignInLink).where(SignInLink.user_id == user.id, SignInLink.used_at.is_(None)).values(used_at=now)
    )
    await session.execute(
        update(ApiKey).where(ApiKey.user_id == user.id, ApiKey.ended_at.is_(None)).values(ended_at=now)
    )
    await _note(session, user, "user.disabled", {}, by, now)


async def end_sessions(session: AsyncSession, user_id: int, now: datetime) -> None:
    ended = update(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    await session.execute(ended.values(ended_at=now))


async def caller_of(session: AsyncSession, user: User, site_id: int | None = None) -> Caller:
    """The user as a caller at `site_id`, at their own site, or at the first one. NotSignedIn when disabled."""
    if user.disabled_at is not None:
        raise NotSignedIn(f"{user.name} has been disabled.")
    site = user.site_id if user.site_id is not None else site_id
    if site is None:
        site = await session.scalar(select(Site.id).order_by(Site.id).limit(1))
    if site is None:
        raise NotFound("There is no plant yet.", remedy="Start `lineside demo`, or `lineside up --plant plant.yaml`.")
    return Caller(site_id=site, user_id=user.id, name=user.name, roles=frozenset(user.roles))


def _roles(roles: Iterable[str]) -> list[str]:
    given = sorted(set(roles))
    if unknown := [role for role in given if role not in ROLES]:
        raise BadInput(f"role is {unknown[0]!r}: there is no such role.", remedy=f"Known: {', '.join(ROLES)}.")
    if not given:
        raise BadInput("role is missing.", remedy=f"Give at least one of {', '.join(ROLES)}.")
    return given


async def _note(session: AsyncSession, user: User, act: str, detail: dict[str, object], by: str, now: datetime) -> None:
    site = user.site_id or await session.scalar(select(Site.id).order_by(Site.id).limit(1))
    if site is not None:  # before the first plant there is nothing to guard yet
        await audit.append(
            session, site_id=site, at=now, actor=by, act=act, subject=f"user:{user.id}", detail=dict(detail)
        )
