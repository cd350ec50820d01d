"""The same short stop again and again: one row for the pattern, not one a stop."""

from collections.abc import Iterator

from mom.facts import Facts, StopSpan
from mom.history.classes import is_planned
from mom.losses.loss import Finding, LossKind, Rule, toll_of, toll_words

RECURS = 3
"""Fewer in one shift are chance."""
MOST_SHOWN = 20


def find(facts: Facts) -> Iterator[Finding]:
    """Closed stops under the minor limit that began in the window, by reason, from RECURS of them on. An alarm that
    people here call by a reason counts under that reason: one trouble, one row."""
    by_reason: dict[str, list[StopSpan]] = {}
    for stop in facts.stops:
        minor = not stop.open and stop.end - stop.start < facts.minor_stop
        if minor and facts.window.start <= stop.start < facts.window.end and not is_planned(stop.reason):
            by_reason.setdefault(facts.said_as.get(stop.reason, stop.reason), []).append(stop)
    for reason, stops in sorted(by_reason.items()):
        if len(stops) >= RECURS:
            yield _finding(facts, reason, stops)


def _finding(facts: Facts, reason: str, stops: list[StopSpan]) -> Finding:
    toll = toll_of(facts, stops)
    return Finding(
        kind=LossKind.minor_stops,
        key=f"minor_stops:{facts.machine.path}:{reason}",
        title=f"{facts.machine.name}: {reason or 'short stops without a reason'}, again and again",
        reason=reason,
        start=stops[0].start,
        end=stops[-1].end,
        seconds=sum(stop.seconds for stop in stops),
        units=toll.units,
        money=toll.money,
        evidence=tuple(f"stop:{stop.id}" for stop in stops[-MOST_SHOWN:]),
        figures=toll_words(facts, toll) | {"stops": len(stops)},
    )


minor_stops = Rule("minor_stops", "Repeated minor stops", find, joins=True, patience=3)
