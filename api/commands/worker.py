"""The worker process: history, losses, triage, actions, letters, reports; started by `up` and `demo`."""

import argparse
import asyncio


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "It stops cleanly on SIGTERM, and when the process that started it is gone."


async def run(args: argparse.Namespace) -> int:
    from api.logs import set_up_logs
    from api.loops import loops
    from api.worker import stop_on_signals, work
    from mom.database.access import open_store
    from mom.settings import read_settings

    set_up_logs()
    stop = asyncio.Event()
    stop_on_signals(stop)
    settings = read_settings()
    async with open_store(settings) as store:
        await work(store, loops(settings), stop)
    return 0
