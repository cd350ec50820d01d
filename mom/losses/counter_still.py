"""A counter stands still while its machine runs: figures go wrong before anybody sees it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from mom.facts import Facts, Window
from mom.history.calendar import merged
from mom.kpis.elements import ideal_rate
from mom.losses.loss import Finding, LossKind, Rule
from mom.losses.production import production_spans, uncounted

AROUND = timedelta(minutes=5)
LEAST_S = 240.0
LEAST_PIECES = 15.0
"""So long it has to produce, and so many pieces it should have made, without one counted."""


def find(facts: Facts) -> Iterator[Finding]:
    """One finding a stretch."""
    for window in still(facts):
        lasts = window.end >= facts.window.end
        yield Finding(
            kind=LossKind.counter_still,
            key=f"counter_still:{facts.machine.path}",
            title=f"{facts.machine.name}: the counter stands still while the machine runs",
            reason="counter stands still",
            start=window.start,
            end=None if lasts else window.end,
            seconds=0.0,
            units=0.0,
            money=None,
            evidence=tuple(f"count:{span.id}" for span in facts.counts if span.end <= window.start)[-1:],
            figures={"assumption": "costs nothing by itself: the pieces of that time are not known"},
            alerts=True,
        )


def still(facts: Facts) -> tuple[Window, ...]:
    """Stretches of the window without a count in which the machine produced for long enough, after it counted. Silence
    of the link, and counts that are known to be missing, are none."""
    if not facts.has_counts or not facts.has_states:
        return ()
    counted = sorted((span.start, span.end) for span in facts.counts if span.good > 0)
    if facts.counted_before:
        counted.insert(0, (facts.window.start, facts.window.start))
    between = pairwise([*counted, (facts.window.end, facts.window.end)])
    holes = [Window(end, start) for (_, end), (start, _) in between if (start - end).total_seconds() >= LEAST_S]
    if not holes:
        return ()
    runs, unknown = production_spans(facts), uncounted(facts)
    found = []
    for hole in holes:
        ran = [cut for run in runs if (cut := hole.cut(run.start, run.end))]
        if not any(hole.overlap(w.start, w.end) for w in unknown) and _long(facts, ran):
            found.append(Window(ran[0].start, hole.end if hole.end == facts.window.end else ran[-1].end))
    return merged(found)


def unsure(facts: Facts) -> tuple[Window, ...]:
    """When pieces are not known, or not all of them: gaps, silences, counters that stood still; with what is around them."""
    near = [Window(one.start - AROUND, one.end + AROUND) for one in (*uncounted(facts), *still(facts))]
    return merged(cut for one in near if (cut := facts.window.cut(one.start, one.end)))


def _long(facts: Facts, ran: Sequence[Window]) -> bool:
    seconds = sum(run.seconds for run in ran)
    products = [run.product for run in facts.runs if ran and run.start <= ran[0].start]
    rate = ideal_rate(facts, products[-1] if products else None)
    return seconds >= LEAST_S and rate is not None and rate * seconds / 60 >= LEAST_PIECES


counter_still = Rule("counter_still", "Counter that stands still", find, joins=True, patience=0, closes=True)
