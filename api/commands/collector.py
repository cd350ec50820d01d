"""Runs the plant's connectors: reads the machines and brings what they say into the store."""

import argparse
import asyncio
import os
import signal
from pathlib import Path

from mom.settings import read_settings

MIB = 1 << 20


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plant", type=Path, metavar="FILE", help="the plant file (default: LINESIDE_PLANT)")
    parser.add_argument("--spool-limit", type=int, default=2048, metavar="MiB", help="most that the spool may hold")
    parser.add_argument("--disk-reserve", type=int, default=64, metavar="MiB", help="free space that is never used")
    parser.add_argument("--watch-fd", type=int, metavar="N", help="end when this pipe is closed")


def run(args: argparse.Namespace) -> int:
    import uvloop

    from api.logs import set_up_logs

    set_up_logs()
    uvloop.run(collect(args))
    return 0


async def collect(args: argparse.Namespace) -> None:
    from connectors.check import check_plant
    from connectors.collector import Collector, spool_path
    from connectors.spool import Spool
    from mom.database.access import open_store

    settings = read_settings()
    plant = check_plant(args.plant or settings.plant)
    path = spool_path(settings.home, plant)
    spool = Spool(path, limit=args.spool_limit * MIB, reserve=args.disk_reserve * MIB)
    stop = stop_signal(args.watch_fd)
    await Collector(plant, spool, lambda: open_store(settings)).run(stop)


def stop_signal(watch_fd: int | None) -> asyncio.Event:
    """Set by SIGTERM or SIGINT, or when the other end of `watch_fd` is closed: whoever started us has gone."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if watch_fd is not None:

        def heard() -> None:
            if not os.read(watch_fd, 4096):
                loop.remove_reader(watch_fd)
                stop.set()

        loop.add_reader(watch_fd, heard)
    return stop
