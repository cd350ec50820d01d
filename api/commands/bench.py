"""Measures each path against its limit or a peer, in one run."""

import argparse
import inspect
import json
from typing import Any

NEEDS_DEVELOPMENT_SET = True


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="only this benchmark")
    parser.add_argument(
        "--json", action="store_true", help="rows of name, value, unit, baseline, ratio and aim as JSON"
    )


async def run(args: argparse.Namespace) -> int:
    import bench
    from bench.bench import Bench
    from mom.discover import discover
    from mom.errors import NotFound

    found = discover(bench, Bench)
    if args.name is not None and args.name not in found:
        raise NotFound(f"There is no benchmark {args.name!r}.", remedy=f"There are: {', '.join(found)}.")
    rows: list[Any] = []
    for name in [args.name] if args.name else list(found):
        made = found[name].run()
        rows += await made if inspect.isawaitable(made) else made
        if not args.json:
            print("\n".join(_told(row) for row in rows), flush=True)
            rows.clear()
    if args.json:
        print(json.dumps(rows, indent=2))
    return 0


def _told(row: Any) -> str:
    value, base = f"{row['value']:,.6g} {row['unit']}", f"{row['baseline']} {row['baseline_value']:,.6g}"
    return f"{row['name']}: {value}; {base}; ratio {row['ratio']:g}, aim {row['aim']}"
