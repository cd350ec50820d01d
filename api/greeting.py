"""What the person who starts the plant is told: where it is, and how to get in."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.accounts.links import make_link
from mom.accounts.users import add_user
from mom.database.access import Store
from mom.models import User

DEMO_PEOPLE = {
    "operator": ("operator",),
    "supervisor": ("supervisor",),
    "maintenance": ("maintenance",),
    "planner": ("planner",),
    "quality": ("quality",),
    "manager": ("manager",),
    "admin": ("admin",),
}
"""The demo's users, by name, with their roles."""
GREETED = ("supervisor", "manager")
FIRST_ADMIN = {"admin": ("admin", "manager")}
"""Who can sign in to a plant that has no user yet; makes the others."""


async def ensure_users(store: Store, people: Mapping[str, tuple[str, ...]], now: datetime, *, only_first: bool) -> None:
    """Make the users that are missing; with `only_first`, none when there is any user already."""
    async with store.write() as session:
        there = set((await session.scalars(select(User.name))).all())
        if not (only_first and there):
            for name, roles in people.items():
                if name not in there:
                    await add_user(session, name, roles, now=now)
        await session.commit()


async def greeting(store: Store, base_url: str, names: tuple[str, ...], now: datetime) -> str:
    """The address, and a link for each name that signs in once, within a day."""
    lines = [f"Lineside runs at {base_url}"]
    async with store.write() as session:
        for user in await _users(session, names):
            token = await make_link(session, user, now)
            lines.append(f"  sign in as {user.name:<11} {base_url}/sign-in?token={token}")
        await session.commit()
    return "\n".join([*lines, "Ctrl-C stops it."])


async def _users(session: AsyncSession, names: tuple[str, ...]) -> list[User]:
    found = await session.scalars(select(User).where(User.name.in_(names), User.disabled_at.is_(None)))
    return sorted(found, key=lambda user: names.index(user.name))
