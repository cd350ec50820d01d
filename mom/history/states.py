"""State readings, set-up mode and gaps in; state intervals out."""

from collections.abc import Mapping, Sequence

import numpy as np

from mom.history.made import Made, made
from mom.history.packml import UNKNOWN, parse_state
from mom.history.values import Span, Values, inside, last_before, steps


def state_intervals(
    state: Values, names: Mapping[str, str], mode: Values, gaps: Sequence[Span], start: int, end: int | None
) -> list[Made]:
    """Intervals from `start` (they begin there if a state was known) to `end`, open if `end` is None.

    `names`: code -> PackML state (`Suspended:starved`); a code without one is Unknown, and so is a bad reading and
    every gap. Equal neighbours are one. A pure function of sets: the order in which readings came does not matter.
    """
    points = _points(state, mode, gaps, start, end)
    codes, labels = state.codes()
    meanings = [parse_state(names.get(label, label)) for label in labels]
    place = last_before(state.at, points)
    kinds, look = _kinds(meanings)
    told = np.where(place >= 0, codes[place], -1) if len(codes) else np.full(len(points), -1)
    kind = np.where((told < 0) | inside(gaps, points), 0, look[told])
    kind = np.where(place < 0, -1, kind)  # before the first reading there is nothing to say
    setting_up = _set_up(mode, points) & (kind > 0)
    both = kind * 2 + setting_up
    turns = steps(both)
    found = []
    for index, turn in enumerate(turns):
        if kind[turn] < 0:
            continue
        last = turns[index + 1] if index + 1 < len(turns) else None
        name, detail = kinds[int(kind[turn])]
        until = int(points[last]) if last is not None else end
        mode_name = "set_up" if setting_up[turn] else ""
        found.append(made(int(points[turn]), until, state=name, detail=detail, mode=mode_name))
    return found


def _points(state: Values, mode: Values, gaps: Sequence[Span], start: int, end: int | None) -> np.ndarray:
    """The moments at which something may change."""
    edges = np.array([moment for gap in gaps for moment in gap], np.int64)
    points = np.unique(np.concatenate((state.at, mode.at, edges, [start]))).astype(np.int64)
    return points[(points >= start) & (points < (end if end is not None else 2**61))]


def _kinds(meanings: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], np.ndarray]:
    """The distinct meanings, Unknown first, and each code's place among them."""
    kinds = list(dict.fromkeys([(UNKNOWN, ""), *meanings]))
    return kinds, np.array([kinds.index(meaning) for meaning in meanings] or [0], np.int64)


def _set_up(mode: Values, points: np.ndarray) -> np.ndarray:
    good = mode.trusted()
    if not len(good.at):
        return np.zeros(len(points), np.bool_)
    place = last_before(good.at, points)
    return np.where(place >= 0, good.number[place] != 0, False)
