"""A question to the store as people write it, on a command line or in an address."""

from collections.abc import Iterable

from mom.errors import BadInput


def conditions(name: str, given: Iterable[str]) -> dict[str, list[str]]:
    """`machine=NO.01`, each a value that is wanted. Raises BadInput; `name` is what the person wrote it under."""
    where: dict[str, list[str]] = {}
    for one in given:
        about, is_there, value = one.partition("=")
        if not is_there:
            raise BadInput(f"{name} is {one!r}: expected NAME=VALUE, as in machine=NO.01.")
        where.setdefault(about.strip(), []).append(value.strip())
    return where


def names(given: Iterable[str]) -> list[str]:
    """Names given one by one or with commas."""
    return [name.strip() for some in given for name in some.split(",") if name.strip()]
