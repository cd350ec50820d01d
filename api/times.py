"""Windows as people give them, over HTTP and on the command line."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mom.errors import BadInput
from mom.facts import Window

DAY = timedelta(days=1)


def window_arguments(parser: ArgumentParser, usual: str) -> None:
    """`--from` and `--to` of a command, as `args.start` and `args.end`. `usual`: how long before the end, if not said."""
    of = f"a day or time, in plant time; default: {usual} before --to"
    parser.add_argument("--from", metavar="T", dest="start", help=of)
    parser.add_argument("--to", metavar="T", dest="end", help="up to, not including; default: now")


def window_of(
    start: datetime | None, end: datetime | None, zone: ZoneInfo, now: datetime, back: timedelta = DAY
) -> Window:
    """From `start` (default: `back` before the end) to `end` (default: now). A time without a zone is in the plant's.

    Raises BadInput for a window that ends before it begins.
    """
    until = in_zone(end, zone) if end else now
    since = in_zone(start, zone) if start else until - back
    if since >= until:
        raise BadInput(f"from is {since.isoformat()}: it is not before to ({until.isoformat()}).")
    return Window(since, until)


def in_zone(at: datetime, zone: ZoneInfo) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=zone)
