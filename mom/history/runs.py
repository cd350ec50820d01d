"""Which order and product a line was on: runs, and what held at a moment."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np

from mom.history.alarms import CALM
from mom.history.counts import Lookup
from mom.history.made import Made, made
from mom.history.values import Values


class Steps:
    """What a tag said when. Empty and zero say nothing is on."""

    def __init__(self, values: Values, names: Mapping[str, str] | None = None) -> None:
        codes, labels = values.codes()
        known = codes >= 0
        self.at = values.at[known]
        self.times: list[int] = self.at.tolist()
        named = [None if text in CALM else (names or {}).get(text, text) for text in labels]
        self.said = [named[code] for code in codes[known].tolist()]

    def __call__(self, moment: int) -> str | None:
        index = bisect_right(self.times, moment) - 1
        return self.said[index] if index >= 0 else None


def runs_of(order: Steps, product: Steps, start: int) -> list[Made]:
    """Runs that began at or after `start`: as long as order and product stay the same; the last one is open."""
    points = np.unique(np.concatenate((order.at, product.at))).tolist()
    found: list[Made] = []
    before: tuple[str | None, str | None] = (None, None)
    begun = 0
    for point in points:
        now = (order(point), product(point) if order.times == [] or order(point) else None)
        if now == before:
            continue
        if before != (None, None) and begun >= start:
            found.append(made(begun, point, order=before[0], product=before[1]))
        before, begun = now, point
    if before != (None, None) and begun >= start:
        found.append(made(begun, None, order=before[0], product=before[1]))
    return found


def product_names(products: Sequence[tuple[str, int | None]]) -> dict[str, str]:
    """What controllers may say → product id: its code, or the id itself."""
    return {str(code): key for key, code in products if code is not None} | {key: key for key, _ in products}


def nothing(_: int) -> str | None:
    return None


def lookup(steps: Steps | None) -> Lookup:
    return steps if steps is not None else nothing
