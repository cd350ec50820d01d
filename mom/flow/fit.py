"""Bring a replay to what was seen: each order takes as long, and gives as much, as it truly did.

What the model leaves out (a machine that waits until its buffer has filled to a mark, an operator's minute) goes into the
pace of the order in which it was; so a replay over days does not run ahead of the line.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mom.flow.replay import Batch, Passed, Stage, replay

ROUNDS = 3
LEAST, MOST = 0.7, 2.0
"""A pace is not bent further than that."""
NEAR = 5.0
"""Working seconds that are near enough."""


def fitted(
    stages: Sequence[Stage],
    batches: Sequence[Batch],
    ends: Sequence[float],
    left: float | None,
    portion: float,
    until: float,
) -> tuple[Batch, ...]:
    """Batches whose replay ends when they did. `ends`: working second at which each but the last that was begun had left
    the line; `left`: good pieces of that last one that have left by `until`, None where that is not known."""
    found = list(batches)
    bent = [1.0] * len(found)
    for _ in range(ROUNDS):
        lived = replay(stages, found, portion, until + 4 * 3600)
        worst = _bend(batches, found, bent, lived, ends, left, until)
        if worst < NEAR:
            break
    return tuple(found)


def _bend(
    batches: Sequence[Batch],
    found: list[Batch],
    bent: list[float],
    lived: Passed,
    ends: Sequence[float],
    left: float | None,
    until: float,
) -> float:
    worst = behind = 0.0  # how far the batches before are off, which they will mend themselves
    for i in range(min(len(ends) + (left is not None), len(batches))):
        flow = batches[i].pieces * max(batches[i].pace)
        if i < len(ends):
            off = ends[i] - lived.finished(i)
            own, behind = off - behind, off
        else:
            missing = float(lived.made(until)[lived.batch == i].sum()) - (left or 0.0)
            flow = max(left or 0.0, 1.0) * max(batches[i].pace)
            own = missing * max(batches[i].pace) - behind
        if not np.isfinite(own) or flow < 60.0:
            continue
        worst = max(worst, abs(own))
        bent[i] = min(max(bent[i] + own / flow, LEAST), MOST)
        found[i] = replace(batches[i], pace=tuple(pace * bent[i] for pace in batches[i].pace))
    return worst
