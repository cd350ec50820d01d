"""Every KPI of a machine or line in a window, with coverage, or what is missing to compute it."""

import argparse
import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from api.times import window_of
from mom.clock import now
from mom.database.access import open_store
from mom.figures import Figure
from mom.kpis.board import kpis
from mom.settings import read_settings
from mom.store.equipment import find_equipment, site_of
from mom.store.query import moment
from mom.words import figure, span_of


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--equipment", required=True, metavar="PATH", help="path, code, name or alias of a machine or line"
    )
    parser.add_argument(
        "--from", metavar="T", dest="start", help="a day or time, in plant time; default: 24 h before --to"
    )
    parser.add_argument("--to", metavar="T", dest="end", help="up to, not including; default: now")
    parser.add_argument("--json", action="store_true", help="print a list of figures")


async def run(args: argparse.Namespace) -> int:
    start, end, at = moment("--from", args.start), moment("--to", args.end), now()
    async with open_store(read_settings()) as store, store.read() as session:
        node = await find_equipment(session, args.equipment)
        zone = ZoneInfo((await site_of(session, node.site_id)).time_zone)
        window = window_of(start, end, zone, at)
        found = await kpis(session, node, window, at)
    if args.json:
        print(json.dumps([made.as_json() for made in found]))
    else:
        when = span_of(found[0].from_at, found[0].to_at, at, zone)
        print(f"{node.name} ({node.path}), {when}\n{table(found)}")
    return 0


def table(found: Sequence[Figure]) -> str:
    """One line a figure: title, value or why it is withheld, how much of the window was seen, note."""
    lines = []
    for made in found:
        told = made.as_json()
        seen = "" if made.coverage > 0.9995 or made.value is None else f"  ({100 * made.coverage:.1f} % seen)"
        lines.append(f"  {made.title:28} {figure(told)}{seen}{'  ' + made.note if made.note else ''}")
    return "\n".join(lines)
