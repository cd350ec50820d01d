"""Machines that keep the pace of a slower one of their line: how fast they could have run was not seen meanwhile.

Some machines run at their own speed and wait in between (starved, blocked); others are governed, and run as slowly as the
line does. These would have been as fast as the line without the trouble, up to what they reach at other times.
"""

from collections.abc import Sequence

import numpy as np

from mom.flow.machine import MachineFlow
from mom.flow.steps import Span, Steps

NEAR = 0.04
"""A machine that gives as many pieces a minute as the slow one, but for this share, keeps its pace."""


def freed(
    share: Steps, machine: MachineFlow, slow: MachineFlow, standards: tuple[Steps, Steps], spans: Sequence[Span], normal: float
) -> Steps:  # fmt: skip
    """The machine's share with `normal` for its speed where it kept the slow one's pace in these spans, faster only.

    `standards`: pieces a second of the machine and of the slow one, by working second.
    """
    own, other = standards
    x = np.unique(np.concatenate((machine.speed.x, slow.speed.x, own.x, other.x)))
    speed, paced = machine.speed.at(x), slow.speed.at(x) * other.at(x)
    rate = speed * own.at(x)
    follows = (rate > 0) & (np.abs(rate - paced) <= NEAR * paced) & (speed < normal)
    faster = Steps(x, np.where(follows, normal / np.maximum(speed, 1e-9), 1.0))
    return share.filled(spans, share.times(faster)) if follows.any() else share


def usual_speed(machine: MachineFlow, lasted: Sequence[Span], least: int = 3) -> float | None:
    """Its speed against the standard outside these spans: the median of blocks; None: too few of them."""
    x = machine.speed.x[1:]
    middle = np.concatenate(([x[0] - 1.0] if len(x) else [0.0], (x[:-1] + x[1:]) / 2, [x[-1] + 1.0] if len(x) else []))
    outside = [at for at in middle if not any(start <= at < end for start, end in lasted)]
    return float(np.median(machine.speed.at(np.array(outside)))) if len(outside) >= least else None
