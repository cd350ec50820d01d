"""Writes the store and the files of its home into one file, while everything runs on."""

import argparse
import asyncio
import json
from pathlib import Path

from api.progress import told
from mom.clock import now
from mom.database.access import open_store
from mom.database.backup import back_up
from mom.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the backup to write, for example plant.backup")
    parser.add_argument("--json", action="store_true", help="print what it holds as one JSON object")


async def run(args: argparse.Namespace) -> int:
    settings, file = read_settings(), args.file.absolute()
    async with open_store(settings, migrated=False) as store:
        with told() as progress:
            manifest = await asyncio.to_thread(back_up, store.dsn, settings.home, file, now(), progress)
    size = file.stat().st_size
    if args.json:
        print(json.dumps({"file": str(file), "bytes": size, **json.loads(manifest.as_json())}))
    else:
        print(f"{file}: {manifest.rows:,} rows of {len(manifest.tables)} tables, {len(manifest.files)} files, "
              f"{size / 2**20:,.1f} MB. It holds secrets: keep it where only you can read it.")  # fmt: skip
    return 0
