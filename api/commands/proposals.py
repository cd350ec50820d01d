"""Proposals: list them, show one, approve or reject it."""

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.proposal_text import as_line, as_text
from mom.accounts.users import caller_of, user_named
from mom.caller import Caller
from mom.clock import now
from mom.database.access import open_store
from mom.errors import BadInput, NotFound
from mom.models import Proposal, Site
from mom.proposals.card import cards, full_card
from mom.proposals.decide import decide
from mom.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    _options(parser, default=True)
    parser.set_defaults(part="list", status=None)
    parts = parser.add_subparsers(dest="part", metavar="[list|show|approve|reject]")
    listed = parts.add_parser("list", help="those there are, newest first (the default)")
    listed.add_argument("--status", metavar="STATUS", help="pending, approved, rejected, expired, done, failed …")
    show, approve, reject = (parts.add_parser(name, help=text) for name, text in WORDS.items())
    for part in (show, approve, reject):
        part.add_argument("id", type=int, metavar="ID")
    approve.add_argument("--reason", default="", metavar="TEXT")
    reject.add_argument("--reason", default="", metavar="TEXT", help="why not: what is learned from it")
    for part in (approve, reject):
        part.add_argument(
            "--sha256", metavar="HASH", help="decide only on exactly the bytes that `show` told this hash of"
        )
        part.add_argument("--yes", action="store_true", help="do not ask: it is shown, and decided as shown")
    for part in (listed, show, approve, reject):
        _options(part, default=False)


WORDS = {
    "show": "everything that a person decides on",
    "approve": "shows it, asks, and lets it be carried out",
    "reject": "with a reason",
}


def _options(parser: argparse.ArgumentParser, *, default: bool) -> None:
    """Taken before and after the word: `proposals --json list`, `proposals list --json`."""
    missing = None if default else argparse.SUPPRESS
    parser.add_argument("--as", dest="user", metavar="USER", default=missing, help="who decides; needed to decide")
    parser.add_argument(
        "--json", action="store_true", default=False if default else argparse.SUPPRESS, help="print JSON"
    )


async def run(args: argparse.Namespace) -> int:
    async with open_store(read_settings()) as store, store.write.begin() as session:
        if args.part in (None, "list"):
            return await _list(session, args)
        caller = await _caller(session, args, args.id)
        shown = await full_card(session, args.id, caller)
        if args.part == "show":
            print(json.dumps(shown) if args.json else as_text(shown))
            return 0
        return await _decide(session, args, caller, shown)


async def _list(session: AsyncSession, args: argparse.Namespace) -> int:
    one = [await _caller(session, args, None)] if args.user else None
    callers = one or [Caller(site, None, "command") for site in await session.scalars(select(Site.id))]
    found = [card for caller in callers for card in await cards(session, caller, args.status)]
    if args.json:
        print(json.dumps(found))
    else:
        print(
            "\n".join(map(as_line, found))
            or "There are no proposals yet: agents make them when a line loses something."
        )
    return 0


async def _decide(session: AsyncSession, args: argparse.Namespace, caller: Caller, shown: dict[str, Any]) -> int:
    if caller.user_id is None:
        raise BadInput("--as is missing: a person decides.", remedy="Say who: --as USER.")
    approve = args.part == "approve"
    print(as_text(shown), file=sys.stderr if args.json else sys.stdout)
    if not args.yes and not args.sha256 and not _agreed(args.part):
        print("Nothing was decided.", file=sys.stderr)
        return 1
    sha256 = args.sha256 or shown["sha256"]
    made = await decide(session, args.id, approve=approve, sha256=sha256, caller=caller, reason=args.reason, now=now())
    status = "approved" if made.approved else "rejected"
    done = {"id": args.id, "status": status, "by": caller.name, "role": made.role, "at": made.at.isoformat()}
    print(json.dumps(done) if args.json else f"Proposal {args.id} is {status} by {caller.name} ({made.role}).")
    return 0


def _agreed(word: str) -> bool:
    """A person has read exactly what is decided on, and says yes."""
    if not sys.stdin.isatty():
        raise BadInput("Nobody is there to ask.", remedy="Give --yes, or --sha256 with the hash of what was read.")
    return input(f"\n{word.capitalize()} this? [y/N] ").strip().lower() in ("y", "yes")


async def _caller(session: AsyncSession, args: argparse.Namespace, proposal_id: int | None) -> Caller:
    """The user named by --as; else nobody in particular, who may look at every plant but not decide."""
    site = await session.scalar(select(Proposal.site_id).where(Proposal.id == proposal_id)) if proposal_id else None
    if args.user:
        return replace(await caller_of(session, await user_named(session, args.user), site), through="terminal")
    if site is None:
        raise NotFound(f"There is no proposal {proposal_id}.", remedy="`lineside proposals` lists those there are.")
    return Caller(site, None, "command")
