"""Ask the agents one question about the plant, from the terminal."""

import argparse
import json
import sys
from typing import Any
from zoneinfo import ZoneInfo


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", help="in your own words: “why did line 2 stop?”")
    parser.add_argument(
        "--as", dest="user", metavar="USER", help="whose question it is (the plant's own, without roles)"
    )
    parser.add_argument("--site", metavar="CODE", help="which site, where the store has several")
    parser.add_argument("--json", action="store_true", help="the whole answer as JSON, with tables and citations")


async def run(args: argparse.Namespace) -> int:
    """Streams the answer; what is being looked at goes to stderr."""
    from agents.asking import Asking
    from agents.front import answer
    from mom.clock import now
    from mom.database.access import open_store
    from mom.settings import read_settings

    settings = read_settings()
    _quiet()
    async with open_store(settings) as store:
        async with store.write() as session:  # who reads only may not see users
            caller, zone = await _caller(session, args)
        screen = Screen(quiet=args.json)
        asking = Asking(store, caller, now(), ZoneInfo(zone), settings, on_event=screen.show)
        given = await answer(args.question, asking)
    if args.json:
        print(json.dumps(given.as_json(), ensure_ascii=False, indent=2))
    else:
        screen.finish(given)
    return 0


async def _caller(session: Any, args: argparse.Namespace) -> tuple[Any, str]:
    """Who asks, of which site, and its time zone."""
    from sqlalchemy import select

    from mom.accounts.users import caller_of, user_named
    from mom.caller import Caller
    from mom.errors import NotFound
    from mom.models import Site

    query = select(Site).order_by(Site.id)
    sites = list(await session.scalars(query.where(Site.code == args.site) if args.site else query))
    if not sites:
        what = f"There is no site {args.site!r}." if args.site else "There is no plant in the store yet."
        raise NotFound(what, remedy="Run ./lineside demo, or ./lineside up --plant plant.yaml, first.")
    site = next((site for site in sites if site.plant), sites[0])
    if args.user is None:
        return Caller(site.id, None, "terminal"), site.time_zone
    user = await user_named(session, args.user)
    return await caller_of(session, user, site.id), site.time_zone


def _quiet() -> None:
    """No log lines between the answer's."""
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


class Screen:
    """Text as it comes; on a terminal, what is being looked at in one line that goes away."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet, self.said, self.status = quiet, "", sys.stderr.isatty() and not quiet

    async def show(self, event: Any) -> None:
        if event.type == "step" and self.status and not self.said:
            print(f"\r\033[K{event.text} …", end="", file=sys.stderr, flush=True)
        elif event.type == "text" and not self.quiet:
            if self.status and not self.said:
                print("\r\033[K", end="", file=sys.stderr, flush=True)
            if event.replace and self.said:
                print("\n… once more:\n", flush=True)
            self.said = event.text if event.replace else self.said + event.text
            print(event.text.replace("**", ""), end="", flush=True)

    def finish(self, answer: Any) -> None:
        print("" if self.said else answer.text)
        if understood := "; ".join(item.title for item in answer.understood):
            print(f"\nUnderstood: {understood}")
        for citation in answer.citations:
            print(f"  [{citation.n}] {citation.ref}{': ' + citation.text if citation.text else ''}")
        for start, end in answer.checked.unsupported:
            print(f"  Not confirmed by the store: {answer.text[start:end]}")
        if answer.note:
            print(f"\n{answer.note}")
        if answer.follow_ups:
            print("\nAsk next: " + " / ".join(answer.follow_ups))
