"""One record as a mapping sees it: its columns, and those of the rows that its joins found."""

from collections.abc import Mapping
from typing import Any

from mom.records.paths import inside
from mom.records.values import Form, convert, is_empty, plain_text

Lookup = Mapping[str, Mapping[str, Any]]
"""The rows of a lookup file by the value of its key column."""


class View:
    """`get("column")`, `get("a.b")`, `get("lookup.column")`: None where nothing is."""

    __slots__ = ("_empty", "_form", "_joined", "_record")

    def __init__(
        self,
        record: Mapping[str, Any],
        join: Mapping[str, str],
        lookups: Mapping[str, Lookup],
        form: Form,
        empty: frozenset[str],
    ) -> None:
        self._record = record
        self._form = form
        self._empty = empty
        self._joined: dict[str, Mapping[str, Any]] = {}
        for lookup, column in join.items():
            self._joined[lookup] = lookups.get(lookup, {}).get(plain_text(self.get(column) or ""), {})

    def get(self, name: str) -> Any:
        if name in self._record:
            value = self._record[name]
        else:
            head, _, rest = name.partition(".")
            value = self._joined[head].get(rest) if head in self._joined else inside(self._record, name)
        return None if is_empty(value, self._empty) else value

    def number(self, name: str) -> float | None:
        """Raises Unmappable when the column holds something that is no number."""
        value = self.get(name)
        number: float | None = None if value is None else convert(name, value, "number", self._form)
        return number

    def text(self, name: str) -> str:
        """As a person would write it; empty where nothing is."""
        value = self.get(name)
        return "" if value is None else plain_text(value)
