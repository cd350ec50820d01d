"""The numbers that a text says: where they stand, how exactly, and in what unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["time", "duration", "share", "money", "name", "number"]

_SECONDS = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hr": 3600,
    "hour": 3600,
    "d": 86400,
    "day": 86400,
}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT = r"(?:seconds?|secs?|s|minutes?|min|hours?|hrs?|h|days?|d)"
_DURATION = rf"(?:{_NUMBER})\s?{_UNIT}\b(?:\s(?:and\s)?\d+(?:\.\d+)?\s?{_UNIT}\b)*"
_MONEY_BEFORE = r"(?:€|\$|£|EUR|USD|GBP|CHF)\s?-?"
_TOKENS = re.compile(
    rf"(?P<cite>\[\d+\])"
    rf"|(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|(?P<time>(?<![\d:.])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?!:?\d))"
    rf"|(?P<money>{_MONEY_BEFORE}(?:{_NUMBER})(?:\s?[kKM]\b)?|(?:{_NUMBER})\s?(?:€|EUR\b|euros?\b))"
    rf"|(?P<share>(?:{_NUMBER})\s?(?:%|percent\b|per cent\b))"
    rf"|(?P<duration>{_DURATION})"
    rf"|(?P<name>(?:[A-Za-z_][\w]*[-_./]?)+\d[\w-]*|\d+(?:[-_/]\w*[A-Za-z]\w*)+|\d+[A-Za-z]\w*)"
    rf"|(?P<number>(?:{_NUMBER}))"
)
_LIST_MARK = re.compile(r"(?:^|\n)\s*\d+[.)]\s")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text. `value` in seconds, as a share (0.83), in money, or as it stands; `step`: its last digit's worth."""

    start: int
    end: int
    text: str
    kind: Kind
    value: float = 0.0
    step: float = 1.0
    before: str = ""  # the word before it: "line" of "line 2"
    rough: bool = False  # "about", "nearly"


def numerals(text: str) -> Iterator[Numeral]:
    """Every number of `text`, without list marks and citation marks."""
    marks = {found.end() for found in _LIST_MARK.finditer(text)}
    for found in _TOKENS.finditer(text):
        kind = str(found.lastgroup)
        if kind == "cite" or (kind == "number" and any(0 <= end - found.end() <= 2 for end in marks)):
            continue
        yield _numeral(text, found, kind)


def _numeral(text: str, found: re.Match[str], kind: str) -> Numeral:
    before = re.findall(r"[\w']+", text[max(0, found.start() - 24) : found.start()])
    word = before[-1].lower() if before else ""
    rough = (
        word in ("about", "around", "roughly", "nearly", "almost", "some", "approximately")
        or text[found.start() - 1 : found.start()] == "~"
    )
    at = (found.start(), found.end(), found.group())
    if kind in ("time", "name", "iso"):
        return Numeral(*at, "time" if kind == "time" else "name", before=word)
    if kind == "duration":
        return Numeral(*at, "duration", *_duration(found.group()), word, rough)
    value, step = _value(found.group())
    if kind == "share":
        return Numeral(*at, "share", value / 100, step / 100, word, rough)
    return Numeral(*at, "money" if kind == "money" else "number", value, step, word, rough)


def _value(text: str) -> tuple[float, float]:
    """The number in a text and the worth of its last digit."""
    digits = re.search(_NUMBER, text)
    if digits is None:
        raise ValueError(f"no number in {text!r}")
    plain = digits.group().replace(",", "")
    decimals = len(plain.partition(".")[2])
    factor = {"k": 1e3, "K": 1e3, "M": 1e6}.get(text.strip()[-1], 1.0)
    return float(plain) * factor, 10.0**-decimals * factor


def _duration(text: str) -> tuple[float, float]:
    """Seconds of `1 h 20 min`, and the worth of the last digit."""
    total, step = 0.0, 1.0
    for number, unit in re.findall(rf"({_NUMBER})\s?({_UNIT})\b", text):
        size = _SECONDS[unit if unit in _SECONDS else unit.rstrip("s")]
        value, last = _value(number)
        total += value * size
        step = last * size
    alone = not re.search(r"\s", re.sub(rf"({_NUMBER})\s?({_UNIT})", r"\1\2", text))
    return total, step / 10 if alone and step >= 3600 else step
