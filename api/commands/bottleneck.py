"""Which machine holds a line back, for which share of the time, and what it would bring to speed one up."""

import argparse
import json
from datetime import timedelta
from typing import Any

from api.times import window_arguments, window_of
from mom.clock import now
from mom.database.access import open_store
from mom.errors import BadInput
from mom.settings import read_settings
from mom.store.equipment import find_equipment
from mom.store.plants import layout_of
from mom.store.query import moment
from mom.words import duration, money, number, percent, span_of

USUAL = timedelta(days=3)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--equipment", required=True, metavar="PATH", help="a line, by path, name or alias")
    window_arguments(parser, "3 days")
    parser.add_argument("--faster", type=float, default=5.0, metavar="PERCENT", help="how much relief; default: 5")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


async def run(args: argparse.Namespace) -> int:
    """Exit 1 when nothing can be told."""
    from mom.bottleneck.gather import bottleneck_of, reliefs_of
    from mom.bottleneck.shown import as_json

    if not 0 < args.faster <= 100:
        raise BadInput(f"--faster {args.faster:g}: expected more than 0 and at most 100 per cent.")
    at = now()
    async with open_store(read_settings()) as store, store.read() as session:
        node = await find_equipment(session, args.equipment)
        layout = await layout_of(session, node.site_id)
        line = layout.machines[node.path].line
        if not layout.units(line):
            raise BadInput(f"{node.name} is part of no line with several machines.", remedy="Name a line.")
        window = window_of(moment("--from", args.start), moment("--to", args.end), layout.zone, at, USUAL)
        found, facts = await bottleneck_of(session, layout, line, window, at)
        reliefs, why = reliefs_of(facts, line, faster=args.faster / 100) if found.limit else ([], "")
    told = as_json(found, layout, reliefs, why) | {"faster_percent": args.faster}
    head = f"{told['line']}, {span_of(window.start, window.end, at, layout.zone)}"
    print(json.dumps(told, ensure_ascii=False) if args.json else _told(head, told, layout.site.currency))
    return 0 if found.limit else 1


def _told(head: str, told: dict[str, Any], currency: str) -> str:
    if not told["limit"]:
        return f"{head}: cannot be told; missing: {', '.join(told['missing'])}."
    gain = {row["equipment"]: row for row in told["relief"]}
    held = f"held back by {told['bottleneck']['machine']}"
    if told["limit"] == "orders":
        held = f"held back by its orders: {percent(told['without_order'])} of the time without one"
    lines = [f"{head}: {held}", "", f"  of the time   alone   {told['faster_percent']:g} % faster would have brought"]
    for stage in sorted(told["machines"], key=lambda row: -row["share"]):
        rows = [gain[path] for path in stage["equipment"] if path in gain]
        brings = "; ".join(_gain(row, currency) for row in rows) or told["relief_missing"]
        lines.append(f"  {percent(stage['share']):>11}  {percent(stage['alone']):>6}   {stage['machine']}: {brings}")
    for key, name in (("by_product", "with"), ("by_shift", "in")):
        lines += [f"  {name} {row['name']}: {row['machine']} ({percent(row['share'])})" for row in told[key]]
    if not told["declared_is_it"] and told["declared"]:
        lines.append(f"  The plant file names {told['declared']} as the constraint.")
    return "\n".join(lines)


def _gain(row: dict[str, Any], currency: str) -> str:
    if row["seconds"] < 60:
        return "next to nothing"
    return f"{number(row['units'], 0)} pieces, {duration(row['seconds'])} of the line, {money(row['money'], currency)}"
