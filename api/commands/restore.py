"""Brings a backup back into a new home, and compares every table with what it was."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from api.progress import told
from mom.clock import now
from mom.database.access import open_store
from mom.database.restore import Restored, restore
from mom.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="what `lineside backup` wrote")
    parser.add_argument("--replace", action="store_true", help="the store's rows may be lost: replace them")
    parser.add_argument("--json", action="store_true", help="print what came of it as one JSON object")


async def run(args: argparse.Namespace) -> int:
    settings, file = read_settings(), args.file.absolute()
    async with open_store(settings, "owner", migrated=False) as store:
        with told() as progress:
            result = await asyncio.to_thread(
                restore, store.dsn, settings.home, file, now(), progress, replace=args.replace
            )
    print(json.dumps(_as_json(result)) if args.json else _words(result))
    for line in result.different:
        print(f"lineside: not equal: {line}", file=sys.stderr)
    return 1 if result.different else 0


def _as_json(result: Restored) -> dict[str, object]:
    tables = {
        name: {"rows": content.rows, "digest": content.digest, "equal": content == result.manifest.tables.get(name)}
        for name, content in result.tables.items()
    }
    return {"equal": not result.different, "tables": tables, "different": result.different, "migrated": result.migrated}


def _words(result: Restored) -> str:
    lines = [f"{'table':32}{'rows':>12}  digest"]
    for name, content in result.tables.items():
        equal = content == result.manifest.tables.get(name)
        if content.rows or not equal:
            lines.append(f"{name:32}{content.rows:>12,}  {content.digest:>24}  {'equal' if equal else 'NOT EQUAL'}")
    lines.append(f"{sum(not content.rows for content in result.tables.values())} tables are empty.")
    if result.migrated:
        lines.append(f"Then brought to this version: applied {', '.join(result.migrated)}.")
    if not result.different:
        lines.append(f"Restored as it was at {result.manifest.made_at}: every count and digest is equal.")
    return "\n".join(lines)
