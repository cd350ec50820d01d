"""Asks the store: counts, stops, losses, orders …, grouped and measured."""

import argparse
import json

from api.question import conditions, names
from mom.clock import now
from mom.database.access import open_store
from mom.settings import read_settings
from mom.store.query import QueryResult, moment, query


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("noun", metavar="NOUN", help="counts, stops, states, losses, orders, maintenance …")
    parser.add_argument(
        "--where", metavar="NAME=VALUE", action="append", default=[], help="only these; may be repeated"
    )
    parser.add_argument("--by", metavar="NAME", action="append", default=[], help="group by machine, month, defect …")
    parser.add_argument("--measure", metavar="NAME,…", default="", help="what is measured")
    parser.add_argument("--from", metavar="T", dest="start", help="2018-11-01 or 2018-11-01T06:00, in plant time")
    parser.add_argument("--to", metavar="T", dest="end", help="up to, not including")
    parser.add_argument("--as-of", metavar="T", help="what was known then")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


async def run(args: argparse.Namespace) -> int:
    start, end, as_of = moment("--from", args.start), moment("--to", args.end), moment("--as-of", args.as_of)
    async with open_store(read_settings()) as store, store.read() as session:
        result = await query(
            session,
            args.noun,
            now=now(),
            where=conditions("--where", args.where),
            by=names(args.by),
            measures=names([args.measure]),
            start=start,
            end=end,
            as_of=as_of,
        )
    print(json.dumps(result.as_json()) if args.json else _words(result))
    return 0


def _words(result: QueryResult) -> str:
    names = [*result.asked.by, *result.asked.measures]
    table = [names, *([_cell(row[name]) for name in names] for row in result.rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(names))]
    text = len(result.asked.by)
    lines = [
        "  ".join(
            cell.ljust(w) if i < text else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        for line in table
    ]
    seen = "" if result.coverage is None else f", {100 * result.coverage:.1f} % of the window seen"
    lines.append(f"{result.rows_behind:,} rows{seen}")
    return "\n".join([*lines, *result.missing])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.3f}"
    return "—" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
