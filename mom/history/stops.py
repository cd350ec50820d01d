"""Stops: a machine that should run stands for a cause inside it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from mom.history.alarms import CALM, union
from mom.history.made import Made, made
from mom.history.packml import STANDING
from mom.history.values import FOREVER, SECOND, Span, Values

BEFORE, AFTER = 5 * SECOND, 5 * SECOND
"""A reason that is told so shortly before a stop begins or after it ends is that stop's."""
FIRST_OUT = 30 * SECOND
"""An alarm that came up so shortly before the stop may be its first one."""


class Reasons:
    """What the stop reason tag told, in order."""

    def __init__(self, values: Values, texts: Mapping[str, str]) -> None:
        codes, labels = values.codes()
        told = [(int(at), labels[int(code)]) for at, code in zip(values.at, codes, strict=True) if code >= 0]
        self.told = [(at, texts.get(code, code)) for at, code in told if code not in CALM]
        self.times = [at for at, _ in self.told]

    def of(self, start: int, end: int | None) -> str:
        """The last reason told for a stop; empty if nobody told one."""
        low = bisect_left(self.times, start - BEFORE)
        high = bisect_right(self.times, (end if end is not None else FOREVER) + AFTER)
        return self.told[high - 1][1] if high > low else ""


def stops_of_states(
    states: Sequence[Made], reasons: Reasons, alarms: Sequence[Made], planned: Sequence[Span], upto: int
) -> list[Made]:
    """Standing states that follow each other are one stop, cut to planned time; not while it is set up.

    `upto`: the last moment that the machine told anything of; planned time after it has not come yet.
    The reason is the operator's, else the text of the alarm that came first (first-out), else empty: unclassified.
    """
    found = []
    ordered = sorted(alarms, key=lambda a: a.start)
    starts = [alarm.start for alarm in ordered]
    for start, end, state in _standing(states):
        reason, by = reasons.of(start, end), "machine"
        first = bisect_left(starts, start - FIRST_OUT)
        if not reason and first < len(ordered) and ordered[first].start < (end if end is not None else FOREVER):
            reason, by = ordered[first]["text"], "alarm"
        for low, high in cut_to(planned, start, end, upto):
            found.append(made(low, high, state=state, reason=reason, reason_by=by))
    return found


def stops_of_alarms(alarms: Sequence[Made], planned: Sequence[Span], upto: int) -> list[Made]:
    """Where a machine tells no state: it stands while an alarm that stops it is active; the first one is the reason."""
    return [
        made(low, high, state="Aborted", reason=first["text"], reason_by="alarm")
        for start, end, first in union([alarm for alarm in alarms if alarm["stops"]])
        for low, high in cut_to(planned, start, end, upto)
    ]


def cut_to(planned: Sequence[Span], start: int, end: int | None, upto: int) -> Iterator[tuple[int, int | None]]:
    """The parts of a span that lie in planned time (spans in order, none touching the next).

    A span that lasts stays open, unless planned time ended before `upto`.
    """
    last = end if end is not None else FOREVER
    first = max(0, bisect_right(planned, (start, FOREVER)) - 1)
    for low, high in planned[first:]:
        if low >= last or (end is None and low > upto):
            return
        if high > start:
            until = min(high, last)
            yield max(low, start), (None if end is None and until > upto else until)


def _standing(states: Sequence[Made]) -> Iterator[tuple[int, int | None, str]]:
    start: int | None = None
    end: int | None = None
    name = ""
    for state in states:
        stands = state["state"] in STANDING and not state["mode"]
        if stands and start is not None and end == state.start:
            end = state.end
            name = _worst(name, state["state"])
            continue
        if start is not None:
            yield start, end, name
            start = None
        if stands:
            start, end, name = state.start, state.end, state["state"]
    if start is not None:
        yield start, end, name


RANK = ("Aborted", "Aborting", "Held", "Holding", "Stopped", "Stopping", "Clearing", "Unholding")


def _worst(one: str, other: str) -> str:
    """Of several states of one stop, the one that says most."""
    return min(one, other, key=RANK.index)
