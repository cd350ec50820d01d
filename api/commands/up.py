"""Runs your plant: collector, worker and pages, until it is interrupted."""

import argparse
import os
from pathlib import Path

from api import operation
from api.greeting import FIRST_ADMIN, ensure_users
from api.operation import COLLECTOR, WEB, WORKER
from api.secrets_file import ensure_secrets
from api.supervisor import Supervisor
from connectors.check import check_plant
from mom.clock import now
from mom.secrets import variable_of


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plant", type=Path, metavar="FILE", help="your plant file (plant.yaml, or LINESIDE_PLANT)")
    operation.arguments(parser)


async def run(args: argparse.Namespace) -> int:
    started = now()
    settings = operation.settings_of(args)
    plant = check_plant(settings.plant)
    async with Supervisor(settings).running() as supervisor:
        await operation.apply(supervisor, plant)
        await ensure_users(supervisor.store, FIRST_ADMIN, started, only_first=True)
        unnamed = [system.id for system in plant.systems if variable_of(system.id) not in os.environ]
        ensure_secrets(settings.home, unnamed)
        await supervisor.start([WEB, WORKER, COLLECTOR])
        return await operation.stay(supervisor, started, args.seconds, tuple(FIRST_ADMIN))
