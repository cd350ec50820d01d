"""Nothing comes in: the first machine of a line waits for material from outside. One row at the origin, none at those behind."""

from collections.abc import Iterator
from datetime import timedelta

from mom.facts import Facts, StateSpan
from mom.history.packml import OUTSIDE
from mom.losses.loss import Finding, LossKind, Rule

NOTHING_COMES = "no material at the infeed"


def find(facts: Facts) -> Iterator[Finding]:
    """Starved states of a line's first machine that began in the window and lasted at least the minor limit."""
    if not facts.is_first:
        return
    for state in facts.states:
        waits = state.state in OUTSIDE and state.detail == "starved"
        long = state.end - state.start >= facts.minor_stop
        if waits and long and facts.window.start <= state.start < facts.window.end:
            yield _finding(facts, state)


def _finding(facts: Facts, state: StateSpan) -> Finding:
    toll = facts.tolls.get(-state.id)
    return Finding(
        kind=LossKind.starved,
        key=f"starved:{facts.machine.path}:{state.start.isoformat()}",
        title=f"{facts.machine.name}: {NOTHING_COMES}",
        reason=NOTHING_COMES,
        start=state.start,
        end=None if state.open else state.end,
        seconds=(state.end - state.start) / timedelta(seconds=1),
        units=toll.units if toll else 0.0,
        money=toll.money if toll else None,
        evidence=(f"state:{state.id}",),
        figures={
            "line_seconds": toll.seconds if toll else 0.0,
            "assumption": "the line's constraint waited so long for what did not come in: standard rate and margin",
        },
        alerts=True,
    )


starved = Rule("starved", "Nothing comes in", find)
