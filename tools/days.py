"""The words for days and times of day: "yesterday", "last monday", "17 Nov", "6 pm". Pure."""

import re
from datetime import date, time, timedelta

from tools.moments import Moments

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
COUNTS = {word: number for number, word in enumerate(_NUMBERS, 1)} | {"a": 1, "an": 1, "couple of": 2, "few": 3}
_WEEKDAY = "|".join(WEEKDAYS)
_MONTH = "|".join([*MONTHS, *(month[:3] for month in MONTHS)])


def day_pattern(name: str) -> str:
    """A group called `name` that matches the words for a day."""
    numbered = rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?"
    dated = r"\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.(?:\d{4})?"
    named = rf"(?:the )?day before yesterday|today|yesterday|tomorrow|(?:last |this )?(?:{_WEEKDAY}|mon|tue|wed|thu|fri|sat|sun)"
    return rf"(?P<{name}>{named}|{dated}|{numbered})(?!\w)"


def clock_pattern(name: str) -> str:
    """Groups `name`1 to `name`3 that match a time of day: `6`, `6:30`, `6 pm`."""
    return rf"(?P<{name}1>\d{{1,2}})(?!\d)(?:[:.h](?P<{name}2>\d{{2}}))?\s*(?P<{name}3>am\b|pm\b|a\.m\.|p\.m\.|o'?clock|h\b)?"


def day_of(text: str, moments: Moments) -> date | None:
    """The local day; the last such day where a word could mean several."""
    text = text.removesuffix("'s").removeprefix("the ")
    if text in ("today", "yesterday", "day before yesterday"):
        return moments.today - timedelta(days=("today", "yesterday", "day before yesterday").index(text))
    if text == "tomorrow":
        return moments.today + timedelta(days=1)
    name = text.removeprefix("last ").removeprefix("this ")
    for number, day in enumerate(WEEKDAYS):
        if name in (day, day[:3]):
            found = moments.weekday(number)
            return found - timedelta(days=7) if text.startswith("last ") and found == moments.today else found
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return _date(int(text[:4]), int(text[5:7]), int(text[8:]))
    if numeric := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?", text):
        return _past(moments, int(numeric[1]), int(numeric[2]), numeric[3])
    written, month = re.search(r"\d{1,2}", text), re.search(_MONTH, text)
    return _past(moments, int(written.group()), month_of(month.group()), None) if written and month else None


def month_of(text: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if text in (month, month[:3]))


def time_of_day(hour: str, minute: str | None, half: str | None) -> time | None:
    half = (half or "").replace(".", "")
    number = int(hour) % 12 + (12 if half == "pm" else 0) if half in ("am", "pm") else int(hour)
    return time(number % 24, int(minute or 0)) if number <= 24 and int(minute or 0) < 60 else None


def count_of(text: str | None) -> int | None:
    word = (text or "").strip()
    return COUNTS.get(word) or (int(word) if word.isdigit() else None)


def _past(moments: Moments, day: int, month: int, year: str | None) -> date | None:
    found = _date(int(year) if year else moments.today.year, month, day)
    return _date(moments.today.year - 1, month, day) if found and not year and found > moments.today else found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
