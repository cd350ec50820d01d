"""A sensor that lies: it shows one value for ever, noise that it never had, what cannot be, or what the laboratory denies."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from mom.facts import Facts
from mom.history.settle import moment
from mom.history.values import MINUTE
from mom.losses.drift import seen, span_of
from mom.losses.laboratory import denied
from mom.losses.loss import Finding, LossKind, Rule
from mom.losses.noise import IN_A_ROW, USUAL, is_noise, noisy
from mom.losses.norm import Course, Departure
from mom.measured import Measured

SLOT = 5 * MINUTE
SELDOM = 0.02
"""A quantity that now and then stands still by itself is not suspected for it."""
BEYOND = 3.0
"""What lies so many widths of the normal range outside it cannot be."""
Flags = NDArray[np.bool_]


def find(facts: Facts) -> Iterator[Finding]:
    """One finding a sensor and stretch in which it lies."""
    for measured in facts.measured:
        if measured.meaning != "signal" or not facts.has_states:
            continue
        ran, course = np.flatnonzero(measured.means.running_n >= 2), facts.courses.get(measured.tag)
        if course is None or len(ran) < USUAL:
            continue
        for says, test in TESTS.items():
            yield from _stretches(facts, measured, ran, test(measured, course, ran), says)
        for departure in course.departures:
            if seen(facts, departure) and denied(facts, measured, departure) and not is_noise(course, departure):
                yield _offset(facts, measured, departure)


def frozen(measured: Measured, course: Course, ran: NDArray[np.intp]) -> Flags:
    means = measured.means
    flat: Flags = (means.high[ran] == means.low[ran]) & (means.n[ran] >= 3)
    same = flat & (np.append(means.last[ran][:-1], np.nan) == np.append(means.first[ran][1:], np.nan))
    flat = same | (flat & np.append(False, same[:-1]))
    return flat if flat.mean() < 0.5 and _usually(flat) else np.zeros(len(ran), np.bool_)


def _usually(flat: Flags) -> bool:
    """Whether it varied while it was learned what is usual."""
    return float(flat[:USUAL].mean()) <= SELDOM


def impossible(measured: Measured, course: Course, ran: NDArray[np.intp]) -> Flags:
    low, high = measured.low, measured.high
    if low is None or high is None or high <= low:
        return np.zeros(len(ran), np.bool_)
    width = BEYOND * (high - low)
    out: Flags = (measured.means.running_mean[ran] > high + width) | (measured.means.running_mean[ran] < low - width)
    return out


TESTS: dict[str, Callable[[Measured, Course, NDArray[np.intp]], Flags]] = {
    "stands still": frozen,
    "is noisier than ever": noisy,
    "shows what cannot be": impossible,
}


def _stretches(facts: Facts, measured: Measured, ran: NDArray[np.intp], flags: Flags, says: str) -> Iterator[Finding]:
    """IN_A_ROW flagged means of running begin one, as many that are not end it."""
    at = measured.means.at[ran]
    start, last, odd, calm = 0, 0, 0, 0
    for place, flag in enumerate([*flags.tolist(), None]):
        if flag:
            start, last, odd, calm = (start if odd else place), place, odd + 1, 0
        else:
            calm += 1
            if odd < IN_A_ROW or calm >= IN_A_ROW or flag is None:
                if odd >= IN_A_ROW:
                    lasts = flag is None and calm <= IN_A_ROW
                    told = int(at[min(start + IN_A_ROW - 1, last)]) + SLOT
                    span = Departure(int(at[start]), told, None if lasts else int(at[last]) + SLOT, 0, 0, 0, False)
                    if seen(facts, span):
                        yield _finding(facts, measured, span, says)
                odd = 0


def _offset(facts: Facts, measured: Measured, departure: Departure) -> Finding:
    return _finding(
        facts,
        measured,
        departure,
        f"reads {departure.level:.4g} instead of {departure.norm:.4g} {measured.unit}".rstrip(),
    )


def _finding(facts: Facts, measured: Measured, span: Departure, says: str) -> Finding:
    start, end = span_of(facts, span)
    return Finding(
        kind=LossKind.lying_sensor,
        key=f"lying_sensor:{facts.machine.path}:{measured.tag}",
        title=f"{facts.machine.name}: the sensor of {measured.name} {says}",
        reason=f"sensor of {measured.name}",
        start=start,
        end=end,
        seconds=0.0,
        units=0.0,
        money=None,
        evidence=(f"signal:{measured.tag}",),
        figures={"tag": measured.tag, "says": says, "since": moment(span.start).isoformat(),
                 "assumption": "costs nothing by itself: what it says is not to be believed"},
        alerts=True,
    )  # fmt: skip


lying_sensor = Rule("lying_sensor", "Sensor that lies", find, joins=True, patience=0, closes=True, measures=True)
