"""Every KPI of a machine or line in a window, with coverage, or what is missing to compute it."""

import argparse
import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from api.times import window_arguments, window_of
from mom.clock import now
from mom.database.access import open_store
from mom.figures import Figure
from mom.kpis.asked import scope_named
from mom.kpis.board import definitions, kpis
from mom.settings import read_settings
from mom.store.equipment import find_equipment
from mom.store.plants import layout_of
from mom.store.query import moment
from mom.words import figure, span_of

GROUPS = ("production", "quality", "maintenance", "inventory", "people", "energy")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--equipment", required=True, metavar="PATH", help="path, code, name or alias of a machine or line"
    )
    window_arguments(parser, "24 h")
    parser.add_argument("--product", metavar="NAME", help="only while this product was made")
    parser.add_argument("--order", metavar="NUMBER", help="only of this order")
    parser.add_argument("--shift", metavar="NAME", help="only in this shift of the days")
    parser.add_argument("--crew", metavar="NAME", help="only in this crew's shifts")
    parser.add_argument("--json", action="store_true", help="print a list of figures")


async def run(args: argparse.Namespace) -> int:
    start, end, at = moment("--from", args.start), moment("--to", args.end), now()
    async with open_store(read_settings()) as store, store.read() as session:
        node = await find_equipment(session, args.equipment)
        layout = await layout_of(session, node.site_id)
        named = {name: getattr(args, name) for name in ("product", "order", "shift", "crew")}
        window = window_of(start, end, ZoneInfo(layout.site.time_zone), at)
        scope = await scope_named(session, layout, **named, window=window)
        found = await kpis(session, node, window, at, scope)
    if args.json:
        print(json.dumps([made.as_json() for made in found]))
    else:
        when = span_of(found[0].from_at, found[0].to_at, at, layout.zone)
        print(f"{node.name} ({node.path}), {when}{f', {scope}' if str(scope) else ''}\n{table(found)}")
    return 0


def table(found: Sequence[Figure]) -> str:
    """One line a figure, by group: title, value or why it is withheld, how much of the window was seen, note."""
    known = definitions()
    groups: dict[str, list[str]] = {name: [] for name in GROUPS}
    for made in found:
        told = made.as_json()
        seen = "" if made.coverage > 0.9995 or made.value is None else f"  ({100 * made.coverage:.1f} % seen)"
        note = f"  {made.note}" if made.note else ""
        groups[known[made.name].group].append(f"  {made.title:33} {figure(told)}{seen}{note}")
    return "\n".join(f"{name.capitalize()}\n" + "\n".join(lines) for name, lines in groups.items() if lines)
