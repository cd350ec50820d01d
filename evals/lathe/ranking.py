"""Rankings of causes for recorded runs, frozen before a label is opened, and how good they are."""

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.lathe.recordings import Truth
from mom.cause_graph.graph import CauseGraph, graph_suspects
from mom.cycles.habits import Habits, learn
from mom.cycles.oddity import oddities
from mom.cycles.recording import Recording
from mom.cycles.suspects import LOOK_BACK_S, NEAR_S, Trouble, named, suspects, trouble

DEPTH = 3
"""Average precision is taken at this depth, as in the published results."""
FOLDS = 10
MOMENTS = 20
"""So many moments of each normal file are looked at as if an unknown alarm had come up in them."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A run's signals, the likeliest cause first: learning from normal production only, and with the expert's graph."""

    run: str
    alarms: tuple[str, ...]
    learned: tuple[str, ...]
    graph: tuple[str, ...]


def rank(habits: Habits, graph: CauseGraph | None, run: Recording) -> Ranked:
    """Nothing is ranked where no alarm of trouble came up, or nothing was odd before it."""
    return ranked(run.name, trouble(habits, run), graph)


def ranked(run: str, found: Trouble | None, graph: CauseGraph | None) -> Ranked:
    if found is None:
        return Ranked(run, (), (), ())
    every = suspects(found)
    learned = [s.signal for s in every] if named(every) else []
    by_graph = [s.signal for s in graph_suspects(graph, found)] if graph else []
    behind = learned if graph else []  # for what the graph says nothing of
    alarms = tuple(name for _, name in found.alarms)
    return Ranked(run, alarms, tuple(learned), tuple(dict.fromkeys([*by_graph, *behind])))


def frozen(rankings: Sequence[Ranked]) -> str:
    """The SHA-256 of the rankings, taken before a label is opened."""
    rows = [[r.run, r.alarms, r.learned, r.graph] for r in rankings]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def average_precision(causes: Sequence[str], told: Sequence[str], depth: int = DEPTH) -> float:
    """AP@depth: the precision at each true cause among the first `depth`, summed, by min(number of causes, depth)."""
    right, total = 0, 0.0
    for place, signal in enumerate(told[:depth], start=1):
        if signal in causes:
            right += 1
            total += right / place
    return total / min(len(causes), depth)


def by_group(precisions: Sequence[tuple[Truth, float]]) -> dict[str, list[tuple[str, float]]]:
    """Per group (scenario, average precision) of its runs."""
    groups: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for truth, precision in precisions:
        groups[truth.group].append((truth.scenario, precision))
    return dict(sorted(groups.items()))


@dataclass(frozen=True, slots=True)
class Refusals:
    """Of normal production that was not learned from: in which files, and at how many moments, no cause is named."""

    files: Mapping[str, bool]
    moments: int
    refused: int


def refusals(recordings: Sequence[Recording], seed: int, moments: int = MOMENTS) -> Refusals:
    """Each tenth of the normal files in turn is judged by habits that were learned from the others.

    `files`: by the alarms that came up in them. `moments` of each, harder: as if an alarm never seen had come up then.
    """
    rng = random.Random(seed)
    files: dict[str, bool] = {}
    looked = refused = 0
    folds = min(FOLDS, len(recordings))
    for fold in range(folds if folds > 1 else 0):
        habits = learn([one for place, one in enumerate(recordings) if place % folds != fold])
        for one in recordings[fold::folds]:
            files[one.name] = trouble(habits, one) is None
            for moment in _moments(one, rng, moments):
                looked += 1
                odd = oddities(habits, one, moment - LOOK_BACK_S, moment)
                refused += not any(o.strong and o.at >= moment - NEAR_S for o in odd)
    return Refusals(files, looked, refused)


def _moments(one: Recording, rng: random.Random, count: int) -> Iterator[float]:
    for _ in range(count):
        yield rng.uniform(min(one.start + LOOK_BACK_S, one.end), one.end)


def quiet_before(habits: Habits, run: Recording) -> bool | None:
    """Whether no cause is named in the time before a run's trouble, cut a minute before it. None: no such time."""
    found = trouble(habits, run)
    end = found.alarms[0][0] - LOOK_BACK_S if found else run.start
    return trouble(habits, run.until(end)) is None if end > run.start else None
