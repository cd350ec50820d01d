"""How figures, times and money are said to a person, everywhere the same: pages, reports, answers, letters.

Short and plain: "6 min", "1 h 20 min", "1,240 bottles", "€ 3,180", "14:02", "yesterday 22:10", "—".
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

NOTHING = "—"
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"}
Number = float | int | Decimal


def duration(seconds: float | None) -> str:
    """`42 s`, `6 min`, `1 h 20 min`, `3 d 4 h`; the smallest unit is rounded."""
    if seconds is None:
        return NOTHING
    sign, whole = ("-" if seconds < 0 else ""), abs(seconds)
    if whole < 59.5:
        return f"{sign}{whole:.0f} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{sign}{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{sign}{hours} h {minutes} min" if minutes else f"{sign}{hours} h"
    days, hours = divmod(round(whole / 3600), 24)
    return f"{sign}{days} d {hours} h" if hours else f"{sign}{days} d"


def number(value: Number | None, digits: int | None = None) -> str:
    """`1,240`, `12.4`, `0.083`: digits by size when not given, thousands parted."""
    if value is None:
        return NOTHING
    if digits is None:
        size = abs(float(value))
        digits = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:,.{digits}f}"


def percent(share: float | None, digits: int = 1) -> str:
    """0.834 → `83.4 %`."""
    return NOTHING if share is None else f"{100 * share:.{digits}f} %"


def money(amount: Number | None, currency: str = "EUR") -> str:
    """`€ 3,180`, with cents below 10."""
    if amount is None:
        return NOTHING
    return (
        f"{SIGNS.get(currency, currency)} {amount:,.{2 if abs(float(amount)) < 10 and amount != int(amount) else 0}f}"
    )


def money_between(amount: Number | None, low: Number | None, high: Number | None, currency: str = "EUR") -> str:
    """`€ 3,180 (2,700 to 3,600)`; without an interval the amount alone."""
    if amount is None or low is None or high is None:
        return money(amount, currency)
    digits = 2 if 0 < abs(float(high)) < 10 else 0
    return f"{money(amount, currency)} ({low:,.{digits}f} to {high:,.{digits}f})"


def quantity(value: Number | None, unit: str) -> str:
    """`1,240 bottles`."""
    return NOTHING if value is None else f"{number(value, 0)} {unit}".rstrip()


def time_of(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`14:02` today, `yesterday 22:10`, `Tue 17 Nov 08:00` within the year, else with the year."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"yesterday {local:%H:%M}"
    if local.date() == today + timedelta(days=1):
        return f"tomorrow {local:%H:%M}"
    return (
        f"{local:%a} {local.day} {local:%b %H:%M}" if local.year == today.year else f"{local.day} {local:%b %Y %H:%M}"
    )


def span_of(start: datetime, end: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """`13:10 to 13:52`, `yesterday 22:10 to today 05:00`, `since 13:10` while it lasts."""
    if end is None:
        return f"since {time_of(start, now, zone)}"
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.date() == last.date():
        return f"{time_of(start, now, zone)} to {last:%H:%M}"
    today = "today " if last.date() == now.astimezone(zone).date() else ""
    return f"{time_of(start, now, zone)} to {today}{time_of(end, now, zone)}"


def figure_value(figure: Mapping[str, Any]) -> str:
    """The number of a figure as JSON, without its unit: a share is said in percent."""
    value, unit = figure["value"], figure["unit"]
    if value is None:
        return NOTHING
    if unit == "s":
        return duration(value)
    return number(100 * value, 1) if unit in ("1", "ratio", "share") else number(value)


def figure_unit(figure: Mapping[str, Any]) -> str:
    unit = str(figure["unit"])
    return {"1": "%", "ratio": "%", "share": "%", "s": "", "index": ""}.get(unit, unit)


def figure(figure_json: Mapping[str, Any]) -> str:
    """`83.4 %`, or `— (no state data)`."""
    if figure_json["value"] is None:
        return f"{NOTHING} ({'; '.join(figure_json['missing'])})" if figure_json["missing"] else NOTHING
    return f"{figure_value(figure_json)} {figure_unit(figure_json)}".rstrip()
