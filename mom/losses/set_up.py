"""A change-over that takes longer than its standard."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from mom.facts import Facts, RunSpan, StateSpan, Window
from mom.history.calendar import planned
from mom.kpis.elements import ideal_rate
from mom.losses.loss import Finding, LossKind, Rule

LATE = 0.10
LEAST = 180.0
"""Over the standard by a tenth and by three minutes: less is the day's ordinary spread."""
TO_THE_MINUTE = timedelta(minutes=1)
"""So far into the next order the minute of the last good piece may reach."""


def find(facts: Facts) -> Iterator[Finding]:
    """Change-overs of the line's constraint that began in the window."""
    if facts.constraint is None or facts.machine.path != facts.constraint.path:
        return
    for states in change_overs(facts):
        start = states[0].start
        if not facts.window.start <= start < facts.window.end:
            continue
        before, after = products_around(facts, states)
        standard = standard_seconds(facts, before, after)
        seconds = planned_seconds(facts, states)
        over = seconds - standard if standard is not None else 0.0
        if standard is not None and over > max(LEAST, LATE * standard):
            yield _finding(facts, states, before, after, standard, seconds)


def change_overs(facts: Facts) -> list[list[StateSpan]]:
    """Set-up states that follow each other, as one change-over. Of a machine that tells no set-up mode: from the last
    good piece of one product to the first of the next, as one state without a row (id 0)."""
    if told := facts.change_overs.get(facts.machine.path):
        states = [_by_counts(facts, window) for window in told]
        return [[state] for state in states if _begun(facts, state) is not None]
    found: list[list[StateSpan]] = []
    for state in facts.states:
        if state.mode != "set_up":
            continue
        if found and found[-1][-1].end == state.start:
            found[-1].append(state)
        else:
            found.append([state])
    return found


def _by_counts(facts: Facts, window: Window) -> StateSpan:
    return StateSpan(0, window.start, window.end, window.end >= facts.now, facts.machine.path, "Stopped", mode="set_up")


def _begun(facts: Facts, state: StateSpan) -> RunSpan | None:
    """The run that a change-over led to; none where it only goes on to a time without an order."""
    on = next((run for run in reversed(facts.runs) if run.start <= state.end), None)
    return on if on is not None and on.start >= state.start - TO_THE_MINUTE else None


def products_around(facts: Facts, states: list[StateSpan]) -> tuple[str | None, str | None]:
    """What was made before a change-over and what after it."""
    if states[0].id:
        return product_before(facts, states[0].start), product_after(facts, states[-1].end)
    run = _begun(facts, states[-1])
    return (product_before(facts, run.start), run.product) if run is not None else (None, None)


def planned_seconds(facts: Facts, states: list[StateSpan]) -> float:
    """How much of them lies in planned time: over a closed night nobody changes over."""
    worked = [Window(states[0].start, states[-1].end)] if facts.no_calendar else planned(facts.shifts)
    return sum(span.overlap(state.start, state.end) for state in states for span in worked)


def product_before(facts: Facts, at: datetime) -> str | None:
    return next((run.product for run in reversed(facts.runs) if run.start < at), None)


def product_after(facts: Facts, at: datetime) -> str | None:
    """What is made from `at` on: the run that begins there or goes on."""
    started = next((run.product for run in facts.runs if run.start >= at), None)
    return started or next((run.product for run in reversed(facts.runs) if run.start <= at < run.end), None)


def standard_seconds(facts: Facts, before: str | None, after: str | None) -> float | None:
    """The most specific standard of the line that fits; None if it has none."""
    fits = [
        (rule.from_product is not None, rule.to_product is not None, rule.seconds)
        for rule in facts.set_ups
        if rule.line == facts.machine.line and rule.from_product in (None, before) and rule.to_product in (None, after)
    ]
    return max(fits, key=lambda fit: (fit[0] + fit[1], fit[1]))[2] if fits else None


def _finding(
    facts: Facts, states: list[StateSpan], before: str | None, after: str | None, standard: float, seconds: float
) -> Finding:
    over = seconds - standard
    product = facts.products.get(after or "")
    units = over * (ideal_rate(facts, after) or 0.0) / 60
    start, end = states[0].start, states[-1].end
    name = product.name if product else after or "the next product"
    return Finding(
        kind=LossKind.set_up,
        key=f"set_up:{facts.machine.path}:{start.isoformat()}",
        title=f"{facts.machine.name}: long change-over to {name}",
        reason=f"change-over to {after or 'the next product'}",
        start=start,
        end=None if states[-1].open else end,
        seconds=over,
        units=units,
        money=Decimal(str(units)) * (product.margin if product else Decimal(0)),
        evidence=_rows(facts, states),
        alerts=True,
        figures={
            "from": before,
            "to": after,
            "standard_seconds": standard,
            "actual_seconds": seconds,
            "assumption": "the pieces of the time over the standard, at the next product's rate and margin",
        },
    )


def _rows(facts: Facts, states: list[StateSpan]) -> tuple[str, ...]:
    if states[0].id:
        return tuple(f"state:{state.id}" for state in states)
    run = _begun(facts, states[-1])
    return (f"run:{run.id}",) if run is not None else ()


set_up = Rule("set_up", "Long change-over", find)
