"""Makes a report as HTML or PDF: `report shift --out FILE.pdf`."""

import argparse
from datetime import datetime
from pathlib import Path

from mom.clock import now
from mom.database.access import open_store
from mom.errors import BadInput, NotFound
from mom.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="which report: shift")
    parser.add_argument("--at", metavar="T", help="the last period that ended by then, in plant time; none: now")
    parser.add_argument("--site", metavar="ID", help="which plant, when the store has several")
    parser.add_argument("--line", metavar="PATH", action="append", default=[], help="only this line; may be repeated")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="ends in .html or .pdf")


async def run(args: argparse.Namespace) -> int:
    from api.clock import last_period, render, reports
    from mom.reports.runs import sites_with_plants
    from mom.store.equipment import find_equipment, site_of
    from mom.store.query import moment

    if args.out.suffix.lower() not in (".html", ".pdf"):
        raise BadInput(f"--out is {str(args.out)!r}: expected a name that ends in .html or .pdf.")
    report = reports().get(args.name)
    if report is None:
        raise NotFound(f"There is no report {args.name!r}.", remedy=f"There are: {', '.join(reports())}.")
    given, made_at = moment("--at", args.at), now()
    async with open_store(read_settings()) as store, store.read() as session:
        sites = [await site_of(session, site_id) for site_id in await sites_with_plants(session)]
        chosen = [site for site in sites if args.site in (None, site.code)]
        if len(chosen) != 1:
            known = ", ".join(site.code for site in sites) or "none"
            raise BadInput(f"Which plant? There are: {known}.", remedy="Name one with --site, or apply a plant file.")
        at = _in_plant_time(given, chosen[0].time_zone) if given else made_at
        layout, period = await last_period(session, report, chosen[0].id, min(at, made_at))
        lines = [(await find_equipment(session, line, chosen[0].id)).path for line in args.line]
        made = await render(session, report, layout, period, lines, made_at)
    args.out.write_bytes(made.html.encode() if args.out.suffix.lower() == ".html" else made.pdf)
    print(f"{made.description.title}, {made.description.period}: {args.out}\n{made.description.answer}")
    return 0


def _in_plant_time(at: datetime, time_zone: str) -> datetime:
    from zoneinfo import ZoneInfo

    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(time_zone))
