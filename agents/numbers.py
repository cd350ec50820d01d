"""After the model has spoken: is every number in its text one that a tool returned? Pure; code asks, not the prompt.

A number is supported when it equals a returned value of the same measure, rounded as it is shown and put into the shown unit
(seconds as minutes or hours, a share as percent), or when the same words stand in what a tool returned. In a sentence that
names one row of a list, a value of another row does not support it.
"""

import re

from agents.agent import Message
from agents.answer import Checked
from agents.known import MONTHS, Known, Quantity
from agents.numerals import Numeral, numerals
from agents.reading import data_of, results

_ROUGH = 0.05
"""How far off "about 1,200" may be."""
_NAMED_BELOW = 1000
"""A number in a name ("line 2") is small; a large one is a quantity and has to be one."""


def check_numbers(text: str, messages: list[Message]) -> Checked:
    """Marks (start, end) of the numbers of `text` that nothing in the run supports."""
    known = Known()
    for message in results(messages):
        known.add(data_of(message))
    for message in messages:
        if message["role"] in ("user", "system") and message.get("content"):
            known.add(str(message["content"]) if message["role"] == "user" else str(message["content"])[:400])
    known.texts += [
        n.text.lower() for message in messages if message["role"] == "user" for n in numerals(str(message["content"]))
    ]
    found = list(numerals(text))
    wrong = [n for n in found if not _supported(n, text, known)]
    return Checked(numbers=len(found), unsupported=tuple((n.start, n.end) for n in wrong))


def _supported(number: Numeral, text: str, known: Known) -> bool:
    if number.kind == "time":
        return number.text in known.times
    if number.kind == "name":
        return known.said(number.text) or _date(number.text, known)
    if _in_words(number, known, text):
        return True
    matching = [quantity for quantity in known.quantities if _measures(number, quantity) and _equal(number, quantity)]
    if number.kind != "number" and known.said(number.text):
        return True
    return bool(matching) and _of_whom_it_is_said(number, text, matching)


def _measures(number: Numeral, quantity: Quantity) -> bool:
    if number.kind == "duration":
        return quantity.unit == "seconds"
    if number.kind == "share":
        return quantity.unit == "share"
    if number.kind == "money":
        return quantity.unit == "money"
    return quantity.unit in ("number", "money") or (quantity.unit == "share" and number.step <= 0.01)


def _equal(number: Numeral, quantity: Quantity) -> bool:
    value = abs(quantity.value)
    tolerance = _ROUGH * value if number.rough else number.step / 2
    return abs(number.value - value) <= tolerance * (1 + 1e-9) + 1e-12


def _of_whom_it_is_said(number: Numeral, text: str, matching: list[Quantity]) -> bool:
    """Whether one of the matching values belongs to a row that the sentence does not contradict."""
    sentence = _sentence(text, number.start).lower()
    for quantity in matching:
        item = quantity.item
        if item is None or any(name in sentence for name in item.names):
            return True
    return not any(
        name in sentence for quantity in matching for name in (quantity.item.others if quantity.item else ())
    )


def _sentence(text: str, at: int) -> str:
    start = max((found.end() for found in re.finditer(r"[.!?;]\s|\n", text[:at])), default=0)
    end = re.search(r"[.!?;](?:\s|$)|\n", text[at:])
    return text[start : at + end.start() if end else len(text)]


def _in_words(number: Numeral, known: Known, text: str) -> bool:
    """`line 2`, `order 430072`, `22 Nov`: a number that is part of a name, or words that a tool used."""
    if number.kind != "number":
        return False
    if known.names(number.text):
        return True
    after = re.match(r"\s+([A-Za-z]+)", text[number.end :])
    near = [f"{number.before} {number.text}"] if number.before and number.value < _NAMED_BELOW else []
    near += [f"{number.text} {after.group(1)[:3]}"] if after and after.group(1)[:3].lower() in MONTHS else []
    near += [f"{number.text} {after.group(1)}"] if after else []
    near += [f"{number.before[:3]} {number.text}"] if number.before[:3] in MONTHS else []
    return any(known.said(words) for words in near)


def _date(text: str, known: Known) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)) and known.said(text)
