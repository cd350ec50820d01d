"""Users: add, list, disable, a new password, a link that signs in once."""

import argparse
import getpass
import json
import sys

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.accounts.links import make_link
from mom.accounts.users import ROLES, add_user, disable, list_users, set_password, user_named
from mom.clock import now
from mom.database.access import open_store
from mom.errors import NotFound
from mom.models import Site, User
from mom.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True, metavar="add|list|disable|password|link")
    add = parts.add_parser("add", help="a new user; prints a link to sign in with")
    add.add_argument("name", metavar="NAME", help="small letters, digits, '.', '-', '_'")
    add.add_argument(
        "--role", action="append", required=True, metavar="ROLE", help=f"one of {', '.join(ROLES)}; repeat"
    )
    add.add_argument("--site", metavar="CODE", help="the only plant the user may see; left out: every plant")
    add.add_argument("--display-name", default="", metavar="TEXT")
    add.add_argument("--email", metavar="ADDRESS")
    for name, text in (
        ("disable", "nothing of the user's lets anybody in any more"),
        ("password", "set it: asked for twice, or one line on standard input"),
        ("link", "print a link that signs in once, within a day"),
    ):
        parts.add_parser(name, help=text).add_argument("name", metavar="NAME")
    for part in (add, parts.add_parser("list", help="who there is"), parts.choices["link"]):
        part.add_argument("--json", action="store_true", help="print JSON")


async def run(args: argparse.Namespace) -> int:
    settings = read_settings()
    async with open_store(settings) as store, store.write.begin() as session:
        if args.part == "list":
            _print_list(list(await list_users(session)), as_json=args.json)
            return 0
        user = await _add(session, args) if args.part == "add" else await user_named(session, args.name)
        if args.part in ("add", "link"):
            link = f"{settings.base_url}/sign-in?token={await make_link(session, user, now())}"
            print(json.dumps({"user": user.name, "link": link}) if args.json else f"Signs {user.name} in once: {link}")
        elif args.part == "disable":
            await disable(session, user, now=now())
            print(f"{user.name} is disabled.")
        else:
            await set_password(session, user, _password(), now=now())
            print(f"The password of {user.name} is set; they are signed out everywhere.")
    return 0


async def _add(session: AsyncSession, args: argparse.Namespace) -> User:
    site = await session.scalar(select(Site).where(Site.code == args.site)) if args.site else None
    if args.site and site is None:
        codes = ", ".join(await session.scalars(select(Site.code).order_by(Site.code))) or "none yet"
        raise NotFound(f"--site is {args.site!r}: there is no such plant.", remedy=f"There are: {codes}.")
    return await add_user(
        session,
        args.name,
        args.role,
        now=now(),
        site_id=site.id if site else None,
        display_name=args.display_name,
        email=args.email,
    )


def _password() -> str:
    """Typed twice by a person, or piped in by a script."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    while True:
        first, second = getpass.getpass("New password: "), getpass.getpass("The same again: ")
        if first == second:
            return first
        print("These were not the same.", file=sys.stderr)


def _print_list(users: list[User], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([_row(user) for user in users]))
        return
    if not users:
        print("There is no user yet. `lineside user add NAME --role admin` makes one.")
    for user in users:
        state = "disabled" if user.disabled_at else "password" if user.password_hash else "links only"
        print(f"{user.name:<20} {','.join(user.roles):<28} {state}")


def _row(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "display_name": user.display_name,
        "roles": user.roles,
        "site_id": user.site_id,
        "email": user.email,
        "disabled": user.disabled_at is not None,
        "has_password": user.password_hash is not None,
    }
