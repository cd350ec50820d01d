"""Switches the agents off or on: off, no model is asked and nothing is carried out; boards and reports go on."""

import argparse
import json

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom import switches
from mom.accounts.users import caller_of, user_named
from mom.caller import Caller
from mom.clock import now
from mom.database.access import open_store
from mom.models import Site, Switch
from mom.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("to", nargs="?", choices=("on", "off"), help="left out: says how it is")
    parser.add_argument("--as", dest="user", metavar="USER", help="who does it; left out: whoever has this terminal")
    parser.add_argument("--json", action="store_true", help="print JSON")


async def run(args: argparse.Namespace) -> int:
    async with open_store(read_settings()) as store, store.write.begin() as session:
        if args.to:
            who = await _caller(session, args.user)
            await switches.throw(session, switches.AGENTS, on=args.to == "on", caller=who, now=now())
        row = await session.get(Switch, switches.AGENTS, populate_existing=True)
        state = "off" if row and row.off else "on"
        by, at = (row.by, row.at.isoformat()) if row else (None, None)
    told = f"The agents are {state}" + (f", by {by} at {at}." if by else ".")
    print(json.dumps({"agents": state, "by": by, "at": at}) if args.json else told)
    return 0


async def _caller(session: AsyncSession, name: str | None) -> Caller:
    if name:
        return await caller_of(session, await user_named(session, name))
    site = await session.scalar(select(Site.id).order_by(Site.id).limit(1))
    return Caller(site or 0, None, "command", frozenset({"manager"}))
