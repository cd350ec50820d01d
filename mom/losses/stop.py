"""A stop for a cause inside the machine: a row of its own from its first second; folded away if it was minor."""

from collections.abc import Iterator
from datetime import timedelta

from mom.facts import Facts, StopSpan
from mom.history.classes import is_planned
from mom.losses.loss import Finding, LossKind, Rule, toll_of, toll_words


def find(facts: Facts) -> Iterator[Finding]:
    """Stops that began in the window and last, or lasted, at least the minor limit."""
    for stop in facts.stops:
        begun_here = facts.window.start <= stop.start < facts.window.end
        if begun_here and not is_planned(stop.reason) and (stop.open or stop.end - stop.start >= facts.minor_stop):
            yield _finding(facts, stop)


def _finding(facts: Facts, stop: StopSpan) -> Finding:
    toll = toll_of(facts, [stop])
    reason = stop.reason
    return Finding(
        kind=LossKind.breakdown if reason else LossKind.unclassified,
        key=f"stop:{facts.machine.path}:{stop.start.isoformat()}",
        title=f"{facts.machine.name}: {reason or 'stop without a reason'}",
        reason=reason,
        start=stop.start,
        end=None if stop.open else stop.end,
        seconds=(stop.end - stop.start) / timedelta(seconds=1),
        units=toll.units,
        money=toll.money,
        evidence=(f"stop:{stop.id}", *_alarms(facts, stop)),
        coverage=_seen(facts, stop),
        alerts=stop.end - stop.start >= facts.minor_stop,
        figures=toll_words(facts, toll)
        | {"state": stop.state, "reason_by": stop.reason_by, "crew": crew_at(facts, stop)},
    )


def _seen(facts: Facts, stop: StopSpan) -> float:
    """The share of its time that is known: while its source is silent, nobody knows whether it lasts."""
    upto = facts.now if stop.open else stop.end
    return (stop.end - stop.start) / (upto - stop.start) if upto > stop.start else 1.0


def crew_at(facts: Facts, stop: StopSpan) -> str | None:
    return next((shift.crew for shift in facts.shifts if shift.start <= stop.start < shift.end), None)


def _alarms(facts: Facts, stop: StopSpan) -> list[str]:
    """The alarms that came up with it."""
    early = stop.start - timedelta(seconds=30)
    return [f"alarm:{alarm.id}" for alarm in facts.alarms if early <= alarm.start < stop.end][:10]


stop_rule = Rule("stop", "Stops", find)
