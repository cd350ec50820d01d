"""A line lives once more: when each portion of pieces leaves each stage, with buffers between the stages.

What passes is cut into portions of the same few pieces. A portion leaves a stage

- not before the stage has done its work on it, begun when it had done with the portion before, at the share of its
  speed that it then had (none while it stood);
- not before the stage upstream let it go (else the stage is starved);
- not before the buffer behind has room for it (else the stage is blocked).

This is the recursion of a tandem line with finite buffers (Dallery and Gershwin 1992, "Manufacturing flow line
systems", section 3) in its fluid form: a slow stage passes its pace on, a portion needs no time between two stages.
Between two orders the line runs empty and is changed over.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mom.flow.steps import Steps

Floats = NDArray[np.float64]
NEVER = float("inf")
ENDLESS = 1e9
"""Pieces of an order of which nobody knows how many it is."""


@dataclass(frozen=True)
class Stage:
    """`share`: of its full speed, by working second. `room`: pieces that the buffer behind it holds. `shared`: it works for
    other lines too, and is no part of what has to be empty before a change-over."""

    name: str
    share: Steps
    room: float
    shared: bool = False

    @cached_property
    def steps(self) -> tuple[list[float], list[float]]:
        """Until when each share holds, and the shares."""
        short = self.share.short()
        return [*short.x[1:].tolist(), NEVER], short.y.tolist()


@dataclass(frozen=True)
class Batch:
    """One order on the line. `pieces`: that the first stage takes in. `pace`: seconds a piece at each stage's full speed.
    `keeps`: the share of what a stage takes in that it lets go. `begins`: the earliest working second of its change-over,
    which lasts `set_up` seconds."""

    order: str | None
    product: str | None
    pieces: float
    pace: tuple[float, ...]
    keeps: tuple[float, ...]
    begins: float = 0.0
    set_up: float = 0.0

    @property
    def weight(self) -> float:
        """Its pieces, in means over batches; hardly anything where they are not known."""
        return self.pieces if self.pieces < ENDLESS else 1.0


@dataclass(frozen=True)
class Passed:
    """By portion: which batch it is of, the pieces that left the line good, and when. `at`: (portions, stages). `last`: the
    line's own last stage."""

    batch: NDArray[np.int64]
    good: Floats
    at: Floats
    last: int = -1

    def made(self, until: float, stage: int | None = None) -> Floats:
        """Good pieces of each portion that have passed the last (or this) stage by `until`; of one that is just passing the
        part."""
        ends = self.at[:, self.last if stage is None else stage]
        begins = np.concatenate(([0.0], ends[:-1]))
        long = np.maximum(ends - begins, 1e-9)
        return np.asarray(self.good * np.clip((until - begins) / long, 0.0, 1.0))

    def finished(self, batch: int) -> float:
        """When the last piece of a batch left the line's last stage; infinite if it is not in here."""
        mine = np.flatnonzero(self.batch == batch)
        return float(self.at[mine[-1], self.last]) if len(mine) else NEVER


def replay(
    stages: Sequence[Stage],
    batches: Sequence[Batch],
    portion: float,
    until: float,
    begun: Passed | None = None,
    same: int = 0,
) -> Passed:
    """Lives until all portions are through or the last stage has come past `until`. `portion`: pieces of the first stage.

    `begun`: a life whose first `same` portions are those of this one too.
    """
    line = [_Lived(stage) for stage in stages]
    last = max((i for i, stage in enumerate(stages) if not stage.shared), default=len(stages) - 1)
    number: list[int] = []
    good: list[float] = []
    if begun is not None and same > 0:
        number, good = begun.batch[:same].tolist(), begun.good[:same].tolist()
        for i, stage in enumerate(line):
            stage.left = begun.at[:same, i].tolist()
            stage.at = stage.left[-1]
    done = Counter(number)
    for index, batch in enumerate(batches):
        parts = _parts(batch.pieces, portion)[done[index] :]
        if not parts or index < (number[-1] if number else 0):
            continue
        if not done[index]:
            begins = max(line[last].at, batch.begins) + batch.set_up
            if begins >= until:
                break
            line[0].at = begins
        passed = _live(line, batch, parts, portion, until)
        good += passed
        number += [index] * len(passed)
    at = np.array([stage.left for stage in line]).T.reshape(len(number), len(line))
    return Passed(np.array(number, dtype=np.int64), np.array(good), at, last)


def _parts(pieces: float, portion: float) -> list[float]:
    whole = int(pieces / portion)
    rest = pieces / portion - whole
    return [1.0] * whole + ([rest] if rest > 1e-6 else [])


def _live(line: Sequence["_Lived"], batch: Batch, parts: Sequence[float], portion: float, until: float) -> list[float]:
    """These portions of a batch through all stages; returns the good pieces of each that went through before `until`."""
    kept = np.concatenate(([1.0], np.cumprod(batch.keeps)))
    needs = [portion * float(kept[i]) * batch.pace[i] for i in range(len(line))]
    rooms = [max(1, round(stage.room / (portion * float(kept[i + 1])))) for i, stage in enumerate(line)]
    last = len(line) - 1
    good: list[float] = []
    for part in parts:
        upstream = 0.0
        for i, stage in enumerate(line):
            at = stage.worked(part * needs[i])
            if at < upstream:
                at = upstream
            if i < last:
                behind, room = line[i + 1].left, rooms[i]
                if len(behind) >= room and behind[-room] > at:
                    at = behind[-room]
            stage.at = upstream = stage.able(at)
            stage.left.append(upstream)
        good.append(part * portion * float(kept[-1]))
        if upstream >= until:
            break
    return good


class _Lived:
    """One stage while the line lives: how far it is, and what it can do then."""

    __slots__ = ("at", "ends", "k", "left", "room", "shares")

    def __init__(self, stage: Stage) -> None:
        self.ends, self.shares = stage.steps
        self.room = stage.room
        self.k = 0
        self.at = 0.0
        self.left: list[float] = []

    def worked(self, work: float) -> float:
        """When `work` seconds at full speed are done, begun at once."""
        at, k, ends = self.at, self.k, self.ends
        while ends[k] <= at:
            k += 1
        shares = self.shares
        share = shares[k]
        done = at + work / share if share > 0.0 else NEVER
        while done > ends[k]:
            work -= (ends[k] - at) * share
            at = ends[k]
            k += 1
            share = shares[k]
            done = at + work / share if share > 0.0 else NEVER
        self.k = k
        return done

    def able(self, at: float) -> float:
        """`at`, or when it can do anything again: nothing passes a machine that stands."""
        k, ends = self.k, self.ends
        if at < ends[k]:
            return at
        while ends[k] <= at:
            k += 1
        while self.shares[k] <= 0.0 and ends[k] < NEVER:
            at = ends[k]
            k += 1
        self.k = k
        return at
