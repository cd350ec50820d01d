"""Brings the store to this version; every start does it too."""

import argparse
import asyncio
import json
import sys

from mom.clock import now
from mom.database.access import open_store
from mom.database.migrate import head, migrate
from mom.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print what was done as one JSON object")


async def run(args: argparse.Namespace) -> int:
    async with open_store(read_settings(), migrated=False) as store:
        print("Looking at the store ...", file=sys.stderr)
        applied = await asyncio.to_thread(migrate, store.dsn, now())
    if args.json:
        print(json.dumps({"revision": head(), "applied": applied}))
    elif applied:
        print(f"The store is at revision {head()}: applied {', '.join(applied)}.")
    else:
        print(f"The store is at revision {head()} already.")
    return 0
