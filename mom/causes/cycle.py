"""What should have come and did not, what came unasked, what moved that never does: held against the machine's normal cycles."""

from collections.abc import Iterator
from datetime import datetime

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.cycles.recording import Value
from mom.cycles.stored import Before
from mom.cycles.suspects import Suspect

MOST = 3


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """The first suspects of a stop, one for each signal that was odd before it."""
    before = facts.before
    if before is not None:
        odd = [suspect for suspect in before.suspects if suspect.oddity is not None]
        for place, suspect in enumerate(odd[:MOST]):
            yield _candidate(facts, before, suspect, place)


def _candidate(facts: CauseFacts, before: Before, suspect: Suspect, place: int) -> Candidate:
    odd = suspect.oddity
    assert odd is not None
    name = _name(before, suspect.signal)
    machine = facts.machine.machine.name
    said = [Evidence(_told(before, suspect), (f"signal:{suspect.signal}",))]
    if suspect.signal in before.by_graph:
        said.append(Evidence(f"the plant's cause graph says that it acts upon {_name(before, suspect.alarm)}"))
    against = () if suspect.clear else (Evidence("it was told together with the alarm: it may be a reaction to it"),)
    return Candidate(
        kind="cycle",
        subject=f"{name} of {machine}" + (" did not come" if odd.what == "absent" else ""),
        equipment=facts.loss.equipment,
        evidence=tuple(said),
        against=against,
        refuted_by=_refuted(odd.what, name),
        measure_next=f"Check {name} at {machine}: the sensor, what it is fixed to, and what moves it.",
        since=datetime.fromtimestamp(odd.at, facts.loss.start.tzinfo),
        thing=suspect.signal,
        signs={
            "cycle_first": float(place == 0),
            "strong": float(odd.strong),
            "clear": float(suspect.clear),
            "graph": float(suspect.signal in before.by_graph),
        },
    )


def _told(before: Before, suspect: Suspect) -> str:
    odd = suspect.oddity
    assert odd is not None
    name, lead = _name(before, suspect.signal), suspect.alarm_at - odd.at
    when = f"{abs(lead):.1f} s {'before' if lead >= 0 else 'after'} {_name(before, suspect.alarm)}"
    if odd.what == "absent" and odd.upon is not None:
        upon = f"{_name(before, odd.upon[0])} went {_value(odd.upon[1])}"
        return f"{name} should have gone {_value(odd.value)} {when}, as it did {odd.seen} times when {upon}; it did not"
    if odd.what == "unasked":
        return f"{name} went {_value(odd.value)} {when} without what it came upon {odd.seen} times before"
    never = f"in {before.hours:.1f} h of normal production it never did"
    return f"{name} went {'to ' if odd.what == 'outside' else ''}{_value(odd.value)} {when}; {never}"


def _refuted(what: str, name: str) -> str:
    if what == "absent":
        return f"{name} coming in its time at the next such stop"
    return f"{name} behaving as ever before the next such stop"


def _name(before: Before, tag: str) -> str:
    return before.names.get(tag, tag)


def _value(value: Value) -> str:
    return (
        ("on" if value else "off") if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else value
    )


cause = Cause("cycle", "Normal cycles of the machine", find)
