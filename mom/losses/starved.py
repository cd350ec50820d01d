"""Nothing comes in: the first machine of a line waits for material from outside. One row at the origin, none at those behind."""

from collections.abc import Iterator
from datetime import timedelta

from mom.facts import Facts, StateSpan
from mom.history.packml import OUTSIDE
from mom.losses.loss import Finding, LossKind, Rule

NOTHING_COMES = "no material at the infeed"


def find(facts: Facts) -> Iterator[Finding]:
    """Starved states of a line's first machine: a row from the first second, folded away if it was short."""
    if facts.is_first:
        for state in waits(facts, "starved"):
            yield outside(
                facts,
                state,
                LossKind.starved,
                NOTHING_COMES,
                "the line's constraint waited so long for what did not come in: standard rate and margin",
            )


def waits(facts: Facts, detail: str) -> Iterator[StateSpan]:
    """States of waiting for the outside that began in the window and last, or lasted at least the minor limit."""
    for state in facts.states:
        here = facts.window.start <= state.start < facts.window.end
        long = state.open or state.end - state.start >= facts.minor_stop
        if here and state.state in OUTSIDE and state.detail == detail and long:
            yield state


def outside(facts: Facts, state: StateSpan, kind: LossKind, reason: str, assumption: str) -> Finding:
    """What a line lost while one of its ends waited for what is no part of it."""
    toll = facts.tolls.get(-state.id)
    return Finding(
        kind=kind,
        key=f"{kind.value}:{facts.machine.path}:{state.start.isoformat()}",
        title=f"{facts.machine.name}: {reason}",
        reason=reason,
        start=state.start,
        end=None if state.open else state.end,
        seconds=(state.end - state.start) / timedelta(seconds=1),
        units=toll.units if toll else 0.0,
        money=toll.money if toll else None,
        evidence=(f"state:{state.id}",),
        figures={
            "line_seconds": toll.seconds if toll else 0.0,
            "origin": "outside the line",
            "assumption": assumption,
        },
        alerts=state.end - state.start >= facts.minor_stop,
    )


starved = Rule("starved", "Nothing comes in", find)
