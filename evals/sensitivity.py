"""What each stage of a drawn line would truly bring, were it faster: the plant lived through once more with it so."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from simulator.drawn.outcome import hours_by_line
from simulator.drawn.plant import DrawnPlant

FASTER = 0.05
LITTLE = 0.25
"""Where the best stage brings less than this part of its own speeding up, no machine holds the line back."""
NEAR = 0.10
"""Two stages whose gains differ by less than this part of the best are as good as each other."""


@dataclass(frozen=True, slots=True)
class Line:
    """`gains`: hours of the line by stage, in order; `stages`: the machines of each, a shared one last."""

    seed: int
    path: str
    hours: float
    stages: tuple[tuple[str, ...], ...]
    gains: tuple[float, ...]

    @property
    def limit(self) -> str:
        """What the line hangs on: a machine, or its orders (it has more capacity than work)."""
        return "machine" if max(self.gains) >= LITTLE * FASTER * self.hours else "orders"

    def is_best(self, stage: int) -> bool:
        """Ties count: within NEAR of the best."""
        best = max(self.gains)
        return self.gains[stage] >= best - NEAR * abs(best)


def lines_of(seed: int, days: float = 3.0) -> list[Line]:
    """Machines that stand side by side are made faster together."""
    plant = DrawnPlant(seed, days)
    base = hours_by_line(plant.life())
    gained: dict[tuple[str, ...], dict[str, float]] = {}
    found = []
    for line in plant.layout.lines:
        stages = [tuple(unit.path for unit in stage) for stage in line.stages]
        stages += [(plant.layout.shared.path,)] if plant.layout.shared else []
        for stage in stages:
            if stage not in gained:
                faster = DrawnPlant(seed, days, faster=dict.fromkeys(stage, FASTER))
                gained[stage] = hours_by_line(faster.life())
        gains = tuple(gained[stage][line.path] - base[line.path] for stage in stages)
        found.append(Line(seed, line.path, base[line.path], tuple(stages), gains))
    return found


def sensitivities(seeds: Sequence[int], processes: int = 2) -> Iterator[list[Line]]:
    """Of many plants, two at a time, in order."""
    workers = min(processes, os.cpu_count() or 1, len(seeds))
    if workers < 2:
        yield from map(lines_of, seeds)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(lines_of, seeds)
