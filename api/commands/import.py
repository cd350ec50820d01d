"""Takes records of files into the store, by a mapping."""

import argparse
import json
import sys
from pathlib import Path

from mom.clock import now
from mom.database.access import open_store
from mom.records.importing import Imported, import_folder
from mom.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("mapping", metavar="MAPPING.yaml", type=Path, help="what the files hold; see docs/records.md")
    parser.add_argument("--data", metavar="FOLDER", type=Path, required=True, help="where the files are")
    parser.add_argument("--json", action="store_true", help="print what came of it as one JSON object")


async def run(args: argparse.Namespace) -> int:
    mapping, folder = args.mapping.absolute(), args.data.absolute()
    async with open_store(read_settings()) as store:
        result = await import_folder(store, mapping, folder, now(), _progress)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(json.dumps(result.as_json()) if args.json else _words(result))
    return 0


def _progress(file: str, read: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{file}: {read:,} rows ", end="", file=sys.stderr, flush=True)


def _words(result: Imported) -> str:
    lines = [f"{'':24}{'read':>10}{'stored':>10}{'unchanged':>11}{'waiting':>9}"]
    for name, tally in (*result.records.items(), ("in all", result.total)):
        lines.append(f"{name[:23]:24}{tally.read:>10,}{tally.stored:>10,}{tally.unchanged:>11,}{tally.waiting:>9,}")
    lines += result.notes
    if result.total.waiting:
        lines.append(
            f"{result.total.waiting:,} records wait: `lineside query waiting --where site={result.site} --by reason`."
        )
    return "\n".join(lines)
