"""What changed: a line's output, OEE or money in two periods, the difference split over what differs."""

import argparse
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from api.times import window_arguments, window_of
from mom.clock import now
from mom.database.access import open_store
from mom.facts import Window
from mom.settings import read_settings
from mom.store.equipment import find_equipment
from mom.store.plants import layout_of
from mom.store.query import moment

if TYPE_CHECKING:
    from mom.changed.lines import Changed

WEEK = timedelta(days=7)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--equipment", required=True, metavar="PATH", help="a line or machine, by path, name or alias")
    window_arguments(parser, "7 days")
    parser.add_argument(
        "--against-from", metavar="T", help="the period it is held against; default: as long, just before"
    )
    parser.add_argument("--against-to", metavar="T", help="its end; default: --from")
    parser.add_argument("--against", metavar="PATH", help="another line to hold it against, in the same period")
    parser.add_argument(
        "--measure", choices=("output", "oee", "money"), help="default: output; OEE where planned times differ"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, the whole tree in it")


async def run(args: argparse.Namespace) -> int:
    """Exit 1 when nothing can be told."""
    from mom.changed.lines import Chosen, what_changed
    from mom.changed.shown import as_json

    at = now()
    async with open_store(read_settings()) as store, store.read() as session:
        node = await find_equipment(session, args.equipment)
        layout = await layout_of(session, node.site_id)
        window = window_of(moment("--from", args.start), moment("--to", args.end), layout.zone, at, WEEK)
        other = await find_equipment(session, args.against) if args.against else node
        held = window if args.against and not args.against_from else _against(args, window, layout.zone)
        names = (node.name, other.name) if args.against else ("in this period", "in the one before")
        sides = Chosen(node.path, window, names[0]), Chosen(other.path, held, names[1])
        changed = await what_changed(session, layout, *sides, at, args.measure)
    told = as_json(changed)
    print(json.dumps(told, ensure_ascii=False) if args.json else _told(changed, told))
    return 0 if changed.compared else 1


def _against(args: argparse.Namespace, window: Window, zone: Any) -> Window:
    end = moment("--against-to", args.against_to) or window.start
    length = timedelta(seconds=window.seconds)
    return window_of(moment("--against-from", args.against_from), end, zone, end, length)


def _told(changed: "Changed", told: dict[str, Any]) -> str:
    lines = [changed.told]
    for part in told.get("parts", ()):
        sure = {True: "", False: "  may be chance", None: ""}[part["more_than_chance"]]
        inside = f"  ({part['inside']})" if part["inside"] else ""
        lines.append(f"  {part['told']:>14}  {part['what']}{inside}{sure}")
    return "\n".join(lines)
