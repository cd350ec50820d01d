"""Say what a machine did not: a stop's reason, what a stretch of time was, pieces that were miscounted; take it back."""

import argparse
import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.times import in_zone
from mom.accounts.users import caller_of, user_named
from mom.caller import Caller
from mom.clock import now
from mom.corrections.at_once import at_once
from mom.corrections.correct import correct, withdraw
from mom.corrections.given import Given, Kind
from mom.database.access import open_store
from mom.errors import BadInput
from mom.facts import Window
from mom.history.classes import TimeClass
from mom.models import Correction, Site, Stop
from mom.settings import read_settings
from mom.store.corrections import as_json, correction_of, corrections_of
from mom.store.equipment import find_equipment, site_of
from mom.store.query import moment
from mom.words import span_of


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True, metavar="stop|time|count|list|withdraw")
    stop = parts.add_parser("stop", help="why a stop was")
    stop.add_argument("id", type=int, metavar="STOP")
    stop.add_argument("--reason", required=True, metavar="TEXT", help='"planned …" makes it a planned stop')
    time = parts.add_parser("time", help="which class of time a stretch was")
    time.add_argument("--class", dest="kind", required=True, metavar="CLASS", help=", ".join(TimeClass))
    count = parts.add_parser("count", help="pieces to add, or with a minus to take away")
    for name in ("good", "scrap"):
        count.add_argument(f"--{name}", type=float, default=0.0, metavar="N")
    for part in (time, count):
        part.add_argument("--equipment", required=True, metavar="PATH")
        part.add_argument("--from", dest="start", required=True, metavar="T")
        part.add_argument("--to", dest="end", required=True, metavar="T")
    listed = parts.add_parser("list", help="those there are, newest first, the withdrawn ones too")
    listed.add_argument("--equipment", metavar="PATH")
    listed.add_argument("--as-of", dest="as_of", metavar="T", help="those that were made by then")
    back = parts.add_parser("withdraw", help="what the machine said holds again")
    back.add_argument("id", type=int, metavar="ID")
    for part in (stop, time, count, back):
        part.add_argument("--why", required=True, metavar="TEXT", help="how you know")
        part.add_argument("--as", dest="user", required=True, metavar="USER", help="who says so")
    for part in (stop, time, count, back, listed):
        part.add_argument("--json", action="store_true", help="print JSON")


async def run(args: argparse.Namespace) -> int:
    async with open_store(read_settings()) as store:
        if args.part == "list":
            async with store.read() as session:
                return await _list(session, args)
        async with store.write.begin() as session:
            caller = await _caller(session, args)
            made = await _write(session, args, caller)
        await at_once(store, now())
        async with store.read() as session:
            shown = as_json(*await correction_of(session, caller.site_id, made.id))
    done = "is withdrawn" if args.part == "withdraw" else "holds from now on; figures and losses are made anew"
    print(json.dumps(shown) if args.json else f"Correction {made.id} of {shown['name']} {done}.")
    return 0


async def _write(session: AsyncSession, args: argparse.Namespace, caller: Caller) -> Correction:
    at = now()
    if args.part == "withdraw":
        return await withdraw(session, args.id, args.why, caller, at)
    if args.part == "stop":
        return await correct(session, Given("reason", {"reason": args.reason}, args.why, stop=args.id), caller, at)
    kind: Kind = "time_class" if args.part == "time" else "count"
    value: dict[str, Any] = {"class": args.kind} if args.part == "time" else {"good": args.good, "scrap": args.scrap}
    zone = ZoneInfo((await site_of(session, caller.site_id)).time_zone)
    start, end = moment("--from", args.start), moment("--to", args.end)
    if start is None or end is None:
        raise BadInput("--from and --to are missing: which stretch is corrected?")
    window = Window(in_zone(start, zone), in_zone(end, zone))
    return await correct(session, Given(kind, value, args.why, None, args.equipment, window), caller, at)


async def _caller(session: AsyncSession, args: argparse.Namespace) -> Caller:
    """The user named by --as, at the plant that the thing belongs to."""
    site: int | None
    if args.part in ("stop", "withdraw"):
        table = Stop if args.part == "stop" else Correction
        site = await session.scalar(select(table.site_id).where(table.id == args.id))
    else:
        site = (await find_equipment(session, args.equipment)).site_id
    return replace(await caller_of(session, await user_named(session, args.user), site), through="terminal")


async def _list(session: AsyncSession, args: argparse.Namespace) -> int:
    node = await find_equipment(session, args.equipment) if args.equipment else None
    sites = [node.site_id] if node else list(await session.scalars(select(Site.id)))
    found, lines = [], []
    for site in sites:
        zone = ZoneInfo((await site_of(session, site)).time_zone)
        then = moment("--as-of", args.as_of)
        known = await corrections_of(
            session, site, node.path if node else None, as_of=in_zone(then, zone) if then else None
        )
        found += [as_json(*one) for one in known]
        lines += [_line(one[0], one[1].name, zone) for one in known]
    print(json.dumps(found) if args.json else "\n".join(lines) or "Nobody has corrected anything.")
    return 0


def _line(made: Correction, name: str, zone: ZoneInfo) -> str:
    said = ", ".join(f"{key} {value}" for key, value in made.value.items())
    when = span_of(made.started_at, made.ended_at, now(), zone)
    gone = f"; withdrawn by {made.withdrawn_by}: {made.withdrawn_why}" if made.withdrawn_at else ""
    return f"{made.id:>4}  {name}, {when}: {said} ({made.by_name}: {made.why}){gone}"
