"""The moments at which a shift of a day begins and ends, in the site's own time, clock changes included."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mom.plant.schema import Shift


def shift_span(shift: Shift, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end (UTC) of `shift` on `day`; a shift that ends at or before its start ends on the next day."""
    last = day + timedelta(days=shift.end <= shift.start)
    start = datetime.combine(day, shift.start, zone).astimezone(UTC)
    return start, datetime.combine(last, shift.end, zone).astimezone(UTC)
