"""Windows as requests give them."""

from datetime import UTC, datetime, timedelta

from mom.errors import BadInput
from mom.facts import Window


def window_of(start: datetime | None, end: datetime | None, now: datetime, back: timedelta) -> Window:
    """From `start` (default: `back` before the end) to `end` (default: now). A time without a zone is UTC."""
    until = _aware(end) or now
    since = _aware(start) or until - back
    if since >= until:
        raise BadInput(f"from is {since.isoformat()}: it is not before to ({until.isoformat()}).")
    return Window(since, until)


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
