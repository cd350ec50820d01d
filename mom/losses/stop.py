"""A stop for a cause inside the machine: a row of its own from its first second; folded away if it was minor."""

from collections.abc import Iterator
from datetime import timedelta

from mom.facts import Facts, StopSpan, Window
from mom.history.calendar import merged, planned
from mom.history.classes import is_planned
from mom.losses.loss import Finding, LossKind, Rule, toll_of, toll_words

CLOSING = timedelta(seconds=60)
"""What begins to stand so shortly before planned time ends is put down for the night: two clocks differ by seconds."""


def find(facts: Facts) -> Iterator[Finding]:
    """Stops that began in the window and last, or lasted, at least the minor limit, beside what was no loss of them."""
    for stop in facts.stops:
        begun_here = facts.window.start <= stop.start < facts.window.end
        if begun_here and not is_planned(stop.reason) and _is_lost(facts, stop):
            yield _finding(facts, stop)


def _is_lost(facts: Facts, stop: StopSpan) -> bool:
    calm = _calm(facts, stop)
    if stop.open and any(span.end - CLOSING <= stop.start < span.end for span in planned(facts.shifts)):
        return False
    if stop.open:
        return lost_seconds(facts, stop) > 0 or not any(w.start <= stop.start <= w.end for w in calm)
    return lost_seconds(facts, stop) >= facts.minor_stop.total_seconds()


def lost_seconds(facts: Facts, stop: StopSpan) -> float:
    """How long it stood when it should have run."""
    return stop.seconds - sum(window.overlap(stop.start, stop.end) for window in _calm(facts, stop))


def _calm(facts: Facts, stop: StopSpan) -> tuple[Window, ...]:
    """Where the time model calls it set-up or idle (mom.history.classes): in a change-over that counts tell of, and, if
    nobody named a cause inside the machine, while no order is on its line."""
    return merged((*facts.change_overs.get(stop.equipment, ()), *(() if stop.reason else facts.no_order)))


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
        seconds=lost_seconds(facts, stop),
        units=toll.units,
        money=toll.money,
        evidence=(f"stop:{stop.id}", *_alarms(facts, stop)),
        coverage=_seen(facts, stop),
        alerts=lost_seconds(facts, stop) >= facts.minor_stop.total_seconds(),
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
