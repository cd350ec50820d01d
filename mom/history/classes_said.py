"""What holds over what the machine said: a change-over told by counts, no order on the line, and last a person's word."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mom.facts import ClassSpan

Span = tuple[int, int]
"""Microseconds since 1970, [start, end)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch and what it is: `kind` is a TimeClass by name, `ref` the row that says so, `why` in a few words."""

    start: int
    end: int
    kind: str
    ref: str = ""
    why: str = ""


def latest(spans: Iterable[ClassSpan], micros: Callable[..., int]) -> list[Said]:
    """Corrections in the order in which people made them, as stretches that do not overlap: the later one holds."""
    held: list[Said] = []
    for span in spans:
        new = Said(micros(span.start), micros(span.end), span.kind, f"correction:{span.id}", "a person said so")
        held = [part for old in held for part in _around(old, new)]
        held.append(new)
    return sorted(held, key=lambda said: said.start)


def _around(old: Said, new: Said) -> Iterable[Said]:
    """What is left of `old` before and after `new`."""
    if old.start < min(old.end, new.start):
        yield Said(old.start, min(old.end, new.start), old.kind, old.ref, old.why)
    if max(old.start, new.end) < old.end:
        yield Said(max(old.start, new.end), old.end, old.kind, old.ref, old.why)


def pieces_of(start: int, end: int, said: Sequence[Said]) -> Iterable[tuple[int, int, Said | None]]:
    """[start, end) cut where something is said of it (`said` in order, none overlapping another)."""
    at = start
    for one in said:
        if one.end <= at or one.start >= end:
            continue
        if one.start > at:
            yield at, one.start, None
        yield max(at, one.start), min(one.end, end), one
        at = min(one.end, end)
    if at < end:
        yield at, end, None
