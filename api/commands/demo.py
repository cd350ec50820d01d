"""Runs the demo plant: a bottling site, simulated, with everything beside it, until it is interrupted."""

import argparse
import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path

from api import operation
from api.child import Program
from api.demo_decisions import decide_past
from api.demo_past import Distinct, Past
from api.demo_plant import write_demo_plant
from api.greeting import DEMO_PEOPLE, GREETED, ensure_users
from api.operation import COLLECTOR, WEB, WORKER
from api.secrets_file import ensure_secrets
from api.supervisor import Supervisor, tell
from connectors.check import check_plant
from mom.clock import now
from mom.database.access import open_store
from mom.records.written import load_records
from mom.settings import ROOT, Settings

USUAL_PORT = 8400
SEED, DAYS = 7, 30


def arguments(parser: argparse.ArgumentParser) -> None:
    operation.arguments(parser)
    parser.add_argument(
        "--seed", type=int, default=SEED, help=f"of a new demo plant: another seed, another plant ({SEED})"
    )
    parser.add_argument(
        "--days", type=int, default=DAYS, help=f"of past that a new demo plant has lived through ({DAYS})"
    )
    parser.add_argument("--load-past", action="store_true", help=argparse.SUPPRESS)  # the process that does it


async def run(args: argparse.Namespace) -> int:
    started = now()
    settings = operation.settings_of(args)
    if args.load_past:
        return await load_past(settings, Past.of(settings.home, args.seed, args.days, started))
    async with Supervisor(settings).running() as supervisor:
        own = settings.home / "demo" / "plant.yaml"
        write_demo_plant(ROOT / "plant.yaml", own, keep_ports=settings.port == USUAL_PORT)
        supervisor.settings = settings.model_copy(update={"plant": own})
        return await _run(supervisor, args, started)


async def _run(supervisor: Supervisor, args: argparse.Namespace, started: datetime) -> int:
    settings = supervisor.settings
    plant = check_plant(settings.plant)
    await operation.apply(supervisor, plant)
    await ensure_users(supervisor.store, DEMO_PEOPLE, started, only_first=False)
    past = Past.of(settings.home, args.seed, args.days, started)
    ready_file = settings.home / "demo" / "simulator.json"
    ready_file.unlink(missing_ok=True)
    secrets = ensure_secrets(settings.home, [system.id for system in plant.systems])
    if past.offered is None:
        tell(f"Loading {past.days} days of the demo plant's past, this once …")
        if not await supervisor.once(Program("loading the past", ("-m", "api", "demo", "--load-past"))):
            return 0
    supervisor.say_starting("The plant is being connected.")
    await supervisor.start([WEB, _simulator(settings, past, secrets, ready_file), WORKER])
    if not await supervisor.wait_for(partial(asyncio.to_thread, ready_file.exists), "the simulated plant"):
        return 0
    await supervisor.start([COLLECTOR])
    caught_up = partial(operation.caught_up, supervisor.store, plant, started)
    if not await supervisor.wait_for(caught_up, "the plant's controllers"):
        return 0
    offered = Past.of(settings.home, args.seed, args.days, started).offered
    return await operation.stay(supervisor, started, args.seconds, GREETED, offered or 0)


def _simulator(settings: Settings, past: Past, secrets: Path, ready_file: Path) -> Program:
    words = {
        "--plant": settings.plant,
        "--seed": past.seed,
        "--days": past.days,
        "--past-ends": past.ends.isoformat(),
        "--state": settings.home / "demo" / "state.json",
        "--product-url": f"http://127.0.0.1:{settings.port}",
        "--secrets": secrets,
        "--ready-file": ready_file,
    }
    return Program("simulator", ("-m", "simulator", *(str(word) for pair in words.items() for word in pair)))


async def load_past(settings: Settings, past: Past) -> int:
    """What the simulated plant has lived through, into the store the way that everything takes."""
    from connectors.past import load_past as load_readings
    from mom.history.keep_up import keep_up
    from simulator.plant.plant import Plant as Simulated

    plant = check_plant(settings.plant)
    lived = Simulated(past.seed, past.days, now=past.ends, plant=settings.plant)
    async with open_store(settings) as store:
        readings = Distinct(batch.rows() for batch in lived.past())
        _, records = await asyncio.gather(
            load_readings(store, plant, readings, settings.home / "spool", now()),
            load_records(store, plant.site.id, lived.records()),
        )
        tell(f"{readings.number:,} readings and {records.stored:,} records after {_since(past):.0f} s.")
        while await keep_up(store, now()):
            pass
        await decide_past(store, plant.site.id, past.ends)
    past.loaded(settings.home, readings.number)
    tell(f"Its states, stops and losses after {_since(past):.0f} s.")
    return 0


def _since(past: Past) -> float:
    return (now() - past.ends).total_seconds()
