"""What people mean by "yesterday's late shift", "since 6", "last week": words into windows, in the plant's time. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from mom import words
from mom.facts import Window
from tools.days import MONTHS, clock_pattern, count_of, day_of, day_pattern, month_of, time_of_day
from tools.moments import Moments

_SHIFT_WORDS = {"morning": "early", "day": "early", "afternoon": "late", "evening": "late", "nightly": "night"}
_UNITS = {"min": timedelta(minutes=1), "hour": timedelta(hours=1), "h": timedelta(hours=1)}
Read = tuple[Window, str] | None
Rule = Callable[[re.Match[str], Moments], Read]


@dataclass(frozen=True, slots=True)
class When:
    """A window that a text speaks of. `label` is how it is said back; `at` where the words stand in the text."""

    window: Window
    label: str
    at: tuple[int, int]


def understand(text: str, moments: Moments) -> list[When]:
    """The windows that `text` names, in its order. What one rule has read, a later one does not read again."""
    low = text.lower().replace("’", "'")
    found: list[When] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(low):
            if any(match.start() < when.at[1] and when.at[0] < match.end() for when in found):
                continue
            if (read_as := read(match, moments)) and read_as[0].start < read_as[0].end:
                found.append(When(read_as[0], said(read_as[1], read_as[0], moments), match.span()))
    return sorted(found, key=lambda when: when.at)


def current(moments: Moments) -> When:
    """Where no time was named: the running shift, else the last 8 hours."""
    shifts = moments.past_shifts()
    if shifts and shifts[0].end > moments.now and moments.now - shifts[0].start >= timedelta(minutes=1):
        window, name = Window(shifts[0].start, moments.now), f"{shifts[0].name} shift"
    else:
        window, name = Window(moments.now - timedelta(hours=8), moments.now), "last 8 h"
    return When(window, said(name, window, moments), (0, 0))


def said(label: str, window: Window, moments: Moments) -> str:
    """`late shift, yesterday 14:00 to 22:00`; whole days by their dates: `last week, 9 Nov to 15 Nov`."""
    first, last = (at.astimezone(moments.zone) for at in (window.start, window.end))
    if label and first.time() == last.time() == time():
        final = last - timedelta(hours=12)
        one = final.date() == first.date()
        return label if one else f"{label}, {first.day} {first:%b} to {final.day} {final:%b}"
    end = None if window.end == moments.now else window.end
    span = words.span_of(window.start, end, moments.now, moments.zone)
    return f"{label}, {span}" if label else span


def _interval(match: re.Match[str], moments: Moments) -> Read:
    try:
        start, end = (datetime.fromisoformat(text) for text in match.group().split("/"))
    except ValueError:
        return None
    local = [at if at.tzinfo else at.replace(tzinfo=moments.zone) for at in (start, end)]
    return Window(local[0].astimezone(UTC), local[1].astimezone(UTC)), ""


def _shift(match: re.Match[str], moments: Moments) -> Read:
    """`yesterday's late shift`, `late shift on monday`, `late shift`: the last that has begun, unless a day is said."""
    word, names = match["name"], {name.lower(): name for name in moments.shift_names()}
    name = names.get(word) or names.get(_SHIFT_WORDS.get(word, ""))
    if name is None:
        return None
    begun = [span for span in moments.past_shifts() if span.name == name]
    if said_day := match["before"] or match["after"]:
        day = day_of(said_day, moments)
        begun = [span for span in [moments.shift_on(name, day) if day else None] if span]
    elif match["which"] and begun and begun[0].end > moments.now:
        begun = begun[1:]
    return (moments.until_now(Window(begun[0].start, begun[0].end)), f"{name} shift") if begun else None


def _this_shift(match: re.Match[str], moments: Moments) -> Read:
    now = current(moments)
    return now.window, now.label.partition(",")[0]


def _ended_shift(match: re.Match[str], moments: Moments) -> Read:
    """`last shift`, `the shift before last`, `last 3 shifts`."""
    shifts = moments.past_shifts()
    ended = shifts[1:] if shifts and shifts[0].end > moments.now else shifts
    if count := count_of(match["count"]):
        chosen = ended[:count]
        return (Window(chosen[-1].start, chosen[0].end), f"last {len(chosen)} shifts") if chosen else None
    place = int("before last" in match.group())
    return (Window(ended[place].start, ended[place].end), f"{ended[place].name} shift") if len(ended) > place else None


def _last(match: re.Match[str], moments: Moments) -> Read:
    """`last 8 hours`, `past 30 minutes`, `last 7 days`, `last two weeks`."""
    count, unit = count_of(match["count"]) or 1, match["unit"]
    if unit.startswith(("day", "week")):
        days = count * (7 if unit.startswith("week") else 1)
        return Window(moments.days(moments.today - timedelta(days=days)).start, moments.now), f"last {days} days"
    short = "min" if unit.startswith("min") else "h"
    return Window(moments.now - count * _UNITS[short], moments.now), f"last {count} {short}"


def _period(match: re.Match[str], moments: Moments) -> Read:
    """`this week`, `last month`, `the week before last`."""
    back = 2 if "before last" in match.group() else int(match["which"] not in ("this", "current"))
    words_for = {0: "this {}", 1: "last {}", 2: "{} before last"}[back]
    if "week" in match.group():
        return moments.until_now(moments.week(back)), words_for.format("week")
    month = moments.today.month - back
    window = moments.month(moments.today.year - (month < 1), month + 12 * (month < 1))
    return moments.until_now(window), words_for.format("month")


def _since(match: re.Match[str], moments: Moments) -> Read:
    """`since 6`, `since yesterday`, `since yesterday 14:00`, `since monday`."""
    day = day_of(match["day"], moments) if match["day"] else moments.today
    clock = time_of_day(match["c1"], match["c2"], match["c3"]) if match["c1"] else time()
    if day is None or clock is None or not (match["day"] or match["c1"]):
        return None
    start = moments.at(day, clock)
    if start >= moments.now and not match["day"]:
        start = moments.at(day - timedelta(days=1), clock)
    return (Window(start, moments.now), "") if start < moments.now else None


def _between(match: re.Match[str], moments: Moments) -> Read:
    """`from 8 to 10`, `between 8:00 and 10:30 yesterday`, `6-14`."""
    first, last = time_of_day(*match.group("a1", "a2", "a3")), time_of_day(*match.group("b1", "b2", "b3"))
    named = match["day"] or match["before"]
    day = day_of(named, moments) if named else moments.today
    if first is None or last is None or day is None:
        return None
    if moments.at(day, first) >= moments.now and not named:
        day -= timedelta(days=1)
    end = moments.at(day + timedelta(days=int(last <= first)), last)
    return moments.until_now(Window(moments.at(day, first), end)), ""


def _around(match: re.Match[str], moments: Moments) -> Read:
    """`at 14:02`, `around 9:40 yesterday`: half an hour to either side; `tomorrow at 8`: the hour from then on."""
    clock = time_of_day(match["c1"], match["c2"], match["c3"])
    day = (day_of(match["day"], moments) if match["day"] else None) or moments.today
    if clock is None:
        return None
    at = moments.at(day, clock)
    if match["day"] and at > moments.now:
        return Window(at, at + timedelta(hours=1)), ""
    at = moments.at(day - timedelta(days=1), clock) if at > moments.now else at
    return moments.until_now(Window(at - timedelta(minutes=30), at + timedelta(minutes=30))), f"around {clock:%H:%M}"


def _whole_day(match: re.Match[str], moments: Moments) -> Read:
    day = day_of(match["day"], moments)
    if day is None:
        return None
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    label = near.get((moments.today - day).days, f"{day:%A} {day.day} {day:%B}")
    return moments.until_now(moments.days(day)), label


def _part_of_day(match: re.Match[str], moments: Moments) -> Read:
    """`last night` is the night shift where there is one; `this morning` is what the clock says."""
    text, today = match.group(), moments.today
    if text in ("last night", "overnight", "tonight"):
        begun = [span for span in moments.past_shifts() if span.name == "night"]
        night = Window(moments.at(today - timedelta(days=1), time(22)), moments.at(today, time(6)))
        return moments.until_now(
            Window(begun[0].start, begun[0].end) if begun else night
        ), "night shift" if begun else text
    first, last = {"morning": (5, 12), "afternoon": (12, 18), "evening": (18, 23)}[text.rpartition(" ")[2]]
    day = today - timedelta(days=int(text.startswith("yesterday")))
    window = Window(moments.at(day, time(first)), moments.at(day, time(last)))
    return (moments.until_now(window), text) if window.start < moments.now else None


def _month(match: re.Match[str], moments: Moments) -> Read:
    number = month_of(match["month"])
    year = int(match["year"]) if match["year"] else moments.today.year - int(number > moments.today.month)
    return moments.until_now(moments.month(year, number)), f"{MONTHS[number - 1].title()} {year}"


_ISO = r"\d{4}-\d{2}-\d{2}(?:[t ][\d:.]+(?:[+-][\d:]+|z)?)?"
_NAME = r"(?P<name>early|late|night|morning|afternoon|evening|day)"
_COUNT = r"(?P<count>\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|couple of|few)"
_RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_ISO}/{_ISO}", _interval),
        (r"\b(?:this|current|running|the ongoing) shift\b|\bshift so far\b|\bso far(?: this shift)?$", _this_shift),
        (
            rf"\b(?:the )?(?:shift before last|(?:last|previous|past)(?: {_COUNT})? shifts?|shift before)\b",
            _ended_shift,
        ),
        (
            rf"\b(?:(?:(?P<which>last|previous)|(?:{day_pattern('before')}(?:'s)?)) )?(?:the )?{_NAME}[- ]?(?:shift|crew)s?\b"
            rf"(?:,? (?:on |of |from )?{day_pattern('after')})?",
            _shift,
        ),
        (
            rf"\b(?:since|from) (?:{day_pattern('day')},? ?(?:at )?)?(?:{clock_pattern('c')})?(?:on(?:wards)?)?(?!\s*(?:to|and|until|-|–)\b)",
            _since,
        ),
        (
            rf"\b(?:{day_pattern('before')},? )?(?:from|between) {clock_pattern('a')}\s*(?:to|and|until|till|-|–)\s*{clock_pattern('b')}"
            rf"(?:\s*(?:on )?{day_pattern('day')})?",
            _between,
        ),
        (
            rf"\b(?:in |over |for |during )?(?:the )?(?:last|past) (?:{_COUNT} )?(?P<unit>min(?:ute)?s?|hours?|h|days?|weeks)\b",
            _last,
        ),
        (rf"\b{_COUNT} (?P<unit>days|weeks|hours)\b(?= (?:back|so far))", _last),
        (
            r"\b(?P<which>this|current|last|previous|past) (?:week|month)\b|\b(?:the )?(?:week|month) before last\b",
            _period,
        ),
        (
            r"\blast night\b|\bovernight\b|\btonight\b|\b(?:this|yesterday) (?:morning|afternoon|evening)\b",
            _part_of_day,
        ),
        (rf"\b{day_pattern('day')},? (?:at|around) {clock_pattern('c')}", _around),
        (rf"\b(?:at|around|about) {clock_pattern('c')}(?:\s*(?:on )?{day_pattern('day')})?", _around),
        (rf"\b{day_pattern('day')}", _whole_day),
        (rf"\bin (?P<month>{'|'.join([*MONTHS, *(m[:3] for m in MONTHS)])})(?: (?P<year>\d{{4}}))?\b", _month),
    )
)
