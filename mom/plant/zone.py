"""A time zone's name, as plant files give it."""

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator


def _known(name: str) -> str:
    if name not in _names():
        raise ValueError("expected a time zone's name such as Europe/Vienna")
    return name


@cache
def _names() -> frozenset[str]:
    """Read once: it walks through every file of the time zone database, and every answer begins with a plant's layout."""
    return frozenset(available_timezones())


Zone = Annotated[str, AfterValidator(_known)]
