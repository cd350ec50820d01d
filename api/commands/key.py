"""API keys for systems and scripts: add, list, revoke."""

import argparse
import json

from mom.accounts.keys import list_keys, make_key, revoke_key
from mom.accounts.users import user_named
from mom.clock import now
from mom.database.access import open_store
from mom.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True, metavar="add|list|revoke")
    add = parts.add_parser("add", help="a new key; it is shown once and kept only as its hash")
    add.add_argument("name", metavar="NAME", help="what it is for")
    add.add_argument("--user", required=True, metavar="USER", help="in whose name, and so with whose roles, it speaks")
    revoke = parts.add_parser("revoke", help="from now on it lets nobody in")
    revoke.add_argument("id", type=int, metavar="ID")
    for part in (add, parts.add_parser("list", help="the keys there are")):
        part.add_argument("--json", action="store_true", help="print JSON")


async def run(args: argparse.Namespace) -> int:
    async with open_store(read_settings()) as store, store.write.begin() as session:
        if args.part == "add":
            row, key = await make_key(session, await user_named(session, args.user), args.name, now())
            shown = f"Key {row.id} for {args.name}, in the name of {args.user}; it is not shown again:\n{key}"
            print(json.dumps({"id": row.id, "name": row.name, "key": key}) if args.json else shown)
        elif args.part == "revoke":
            await revoke_key(session, args.id, now())
            print(f"Key {args.id} is revoked.")
        else:
            rows = [_row(*found) for found in await list_keys(session)]
            print(json.dumps(rows) if args.json else _table(rows))
    return 0


def _row(key: object, user: str) -> dict[str, object]:
    names = ("id", "name", "created_at", "used_at", "ended_at")
    found = {name: getattr(key, name) for name in names}
    return {"user": user, **{name: v.isoformat() if hasattr(v, "isoformat") else v for name, v in found.items()}}


def _table(rows: list[dict[str, object]]) -> str:
    if not rows:
        return "There is no key yet. `lineside key add NAME --user USER` makes one."
    return "\n".join(
        f"{row['id']:>4}  {row['name']:<24} {row['user']:<16} {'revoked' if row['ended_at'] else 'good'}"
        for row in rows
    )
