"""The alarm that came first when the machine stopped (first-out). It names what was seen, seldom why."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.daily import stops_like
from mom.facts import AlarmSpan, StopSpan

BEFORE = timedelta(seconds=30)


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Of one stop its first alarm; of a pattern the alarm that comes first in most of its stops."""
    stops = _stops(facts)
    firsts = [alarm for stop in stops if (alarm := first_alarm(facts.machine.alarms, stop))]
    if not firsts:
        return
    text, times = Counter(alarm.text for alarm in firsts).most_common(1)[0]
    share = times / len(stops)
    refs = tuple(f"alarm:{alarm.id}" for alarm in firsts if alarm.text == text)[-5:]
    said = f"{text} came first" + (f" in {times} of {len(stops)} stops" if len(stops) > 1 else "")
    yield Candidate(
        kind="first_alarm",
        subject=f"{text} at {facts.machine.machine.name}",
        equipment=facts.loss.equipment,
        score=0.45 * share,
        evidence=(Evidence(said, refs),),
        refuted_by="another alarm that came before it, or stops without it",
        measure_next=f"Look at {facts.machine.machine.name} at the next stop: what {text} points to, what led to it.",
    )


def first_alarm(alarms: tuple[AlarmSpan, ...], stop: StopSpan) -> AlarmSpan | None:
    near = [alarm for alarm in alarms if stop.start - BEFORE <= alarm.start < stop.end]
    return min(near, key=lambda alarm: alarm.start, default=None)


def _stops(facts: CauseFacts) -> list[StopSpan]:
    loss = facts.loss
    if loss.rule == "stop":
        return [stop for stop in facts.machine.stops if f"stop:{stop.id}" in loss.evidence]
    if loss.rule == "minor_stops":
        return [stop for stop in stops_like(facts.machine, facts.loss) if stop.start >= loss.start]
    return []


cause = Cause("first_alarm", "First alarm", find)
