"""A connector tells nothing: what its machines do meanwhile is not known."""

from collections.abc import Iterator
from datetime import timedelta

from mom.facts import Facts
from mom.losses.loss import Finding, LossKind, Rule

LEAST = timedelta(seconds=60)
"""A silence that was over sooner is a hiccup; one that lasts is told at once, and wakes people after that time."""


def find(facts: Facts) -> Iterator[Finding]:
    """One finding a silence of a connector whose machines lie here."""
    for silence in facts.silences:
        cut = facts.window.cut(silence.start, max(silence.end, facts.now) if silence.open else silence.end)
        long = silence.end - silence.start >= LEAST
        if cut is None or not (silence.open or long):
            continue
        over = not silence.open and silence.end <= facts.window.end
        yield Finding(
            kind=LossKind.link_silent,
            key=f"link_silent:{facts.machine.path}:{silence.connector}",
            title=f"{facts.machine.name}: nothing is heard from {silence.connector}",
            reason=silence.reason,
            start=cut.start,
            end=cut.end if over else None,
            seconds=0.0,
            units=0.0,
            money=None,
            evidence=(),
            figures={
                "connector": silence.connector,
                "machines": ", ".join(silence.machines),
                "assumption": "costs nothing by itself: what the machines did meanwhile is not known",
            },
            alerts=long,
        )


link_silent = Rule("link_silent", "Link silent", find, joins=True, patience=0, closes=True, of_lines=True)
