"""A plant in operation: what `up` and `demo` have in common, from ready to the last line."""

import argparse
import json
from datetime import datetime

from sqlalchemy import func, select

from api.child import Program
from api.greeting import greeting
from api.summary import summary
from api.supervisor import Supervisor, tell
from mom.clock import now
from mom.database.access import Store
from mom.errors import BadInput
from mom.models import Link, Site, Touched
from mom.plant.apply import apply_plant
from mom.plant.schema import Plant
from mom.settings import Settings, read_settings

WEB = Program("web", ("-m", "api", "web"))
WORKER = Program("worker", ("-m", "api", "worker"))
COLLECTOR = Program("collector", ("-m", "api", "collector"))


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="where the pages are served on this computer (8400, or LINESIDE_PORT)")
    parser.add_argument("--seconds", type=float, metavar="N", help="stop N seconds after it is ready, and sum up")


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings, with what was said on the command line instead of the environment's."""
    given = {name: value for name in ("port", "plant") if (value := getattr(args, name, None)) is not None}
    settings = read_settings()
    if given.get("port", 1) not in range(1, 65536):
        raise BadInput(f"--port is {given['port']}: expected a number from 1 to 65535.")
    if "plant" in given:
        given["plant"] = given["plant"].expanduser().absolute()
    return settings.model_copy(update=given)


async def apply(supervisor: Supervisor, plant: Plant) -> None:
    """The plant file, in the store."""
    async with supervisor.store.write() as session:
        await apply_plant(session, plant)
        await session.commit()


async def caught_up(store: Store, plant: Plant, since: datetime) -> bool:
    """Every connector of this plant was heard after `since`, and the history has taken in what was stored of it.

    What an earlier run left says nothing: rows of other plants, or of a collector that was killed.
    """
    site = select(Site.id).where(Site.code == plant.site.id).scalar_subquery()
    ours = (Link.site_id == site) & Link.connector.in_([connector.id for connector in plant.connectors])
    heard = (Link.state == "alive") & (Link.alive_at >= since) & (Link.lease_until > func.now())
    waits = (Touched.site_id == site) & ~Touched.wakes
    async with store.read() as session:
        alive = await session.scalar(select(func.count()).select_from(Link).where(ours, heard))
        behind = await session.scalar(select(func.count()).select_from(Touched).where(waits))
    return alive == len(plant.connectors) and behind == 0


async def stay(
    supervisor: Supervisor, started: datetime, seconds: float | None, greeted: tuple[str, ...], past_offered: int = 0
) -> int:
    """Be ready, say so, and stay until the time is over or somebody asks to stop: the exit status."""
    supervisor.say_ready()
    if not await supervisor.wait_until_ready():
        return 0
    ready = now()
    tell(f"Ready after {(ready - started).total_seconds():.1f} s. Logs: {supervisor.settings.home / 'log'}")
    print(await greeting(supervisor.store, supervisor.address, greeted, ready), flush=True)
    await supervisor.sleep(seconds)
    deaths = supervisor.deaths
    await supervisor.stop()
    if seconds is not None:
        async with supervisor.store.read() as session:
            print(json.dumps(await summary(session, started, ready, past_offered)), flush=True)
    if deaths:
        tell(f"Not all was well: processes died and were started again, {deaths} times. See the logs.")
    return 1 if deaths else 0
