"""Nothing goes out: the last machine of a line waits for what comes behind it. One row at the origin, none at those before."""

from collections.abc import Iterator

from mom.facts import Facts
from mom.losses.loss import Finding, LossKind, Rule
from mom.losses.starved import outside, waits

NOTHING_GOES = "blocked from outside the line: nothing takes its pieces away"


def find(facts: Facts) -> Iterator[Finding]:
    """Blocked states of a line's last machine, as of its first starved ones: no machine of the line is behind it, so the
    cause lies outside (no pallets, a full store, a line that takes nothing)."""
    if facts.is_last:
        for state in waits(facts, "blocked"):
            yield outside(
                facts,
                state,
                LossKind.blocked,
                NOTHING_GOES,
                "the line's constraint could not get rid of its pieces so long: standard rate and margin",
            )


blocked = Rule("blocked", "Nothing goes out", find)
