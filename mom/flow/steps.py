"""A share that changes by steps: how much of its full speed a machine can run at, from each working second on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Span = tuple[float, float]
"""From, to: working seconds."""


@dataclass(frozen=True)
class Steps:
    """`y[k]` from `x[k]` up to `x[k + 1]`; the last one for ever. x[0] is minus infinity."""

    x: Floats
    y: Floats

    def at(self, x: Floats) -> Floats:
        return np.asarray(self.y[np.searchsorted(self.x, x, side="right") - 1])

    def put(self, spans: Iterable[Span], value: float) -> "Steps":
        """The same, with `value` in these spans."""
        inside = covering(spans)
        x = np.unique(np.concatenate((self.x, inside.x)))
        return Steps(x, np.where(inside.at(x) > 0, value, self.at(x)))

    def filled(self, spans: Iterable[Span], other: "Steps") -> "Steps":
        """The same, with what `other` says in these spans."""
        inside = covering(spans)
        x = np.unique(np.concatenate((self.x, inside.x, other.x)))
        return Steps(x, np.where(inside.at(x) > 0, other.at(x), self.at(x)))

    def times(self, other: "Steps") -> "Steps":
        x = np.unique(np.concatenate((self.x, other.x)))
        return Steps(x, self.at(x) * other.at(x))

    def short(self) -> "Steps":
        """Without steps that change nothing."""
        keep = np.concatenate(([True], np.diff(self.y) != 0))
        return Steps(self.x[keep], self.y[keep])


def constant(value: float) -> Steps:
    return Steps(np.array([-np.inf]), np.array([value]))


def covering(spans: Iterable[Span]) -> Steps:
    """1 in these spans, else 0; they may overlap."""
    real = [span for span in spans if span[1] > span[0]]
    if not real:
        return constant(0.0)
    edges = np.array(real)
    x = np.concatenate((edges[:, 0], edges[:, 1]))
    order = np.argsort(x, kind="stable")
    depth = np.cumsum(np.repeat((1.0, -1.0), len(edges))[order])
    found = Steps(np.concatenate(([-np.inf], x[order])), np.concatenate(([0.0], (depth > 0).astype(float))))
    last = np.concatenate((np.diff(found.x) > 0, [True]))  # of several at one moment the last counts
    return Steps(found.x[last], found.y[last])


def mean_of(parts: Sequence[tuple[float, Steps]]) -> Steps:
    """Their mean by weight: the units that stand side by side in a stage."""
    total = sum(weight for weight, _ in parts)
    x = reduce(np.union1d, (steps.x for _, steps in parts))
    y = sum((weight / total * steps.at(x) for weight, steps in parts), np.zeros_like(x))
    return Steps(x, y)
