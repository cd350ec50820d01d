"""After a change-over the line runs slowly at first: what that costs against the standard."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from mom.facts import Facts, Window
from mom.kpis.elements import ideal_seconds
from mom.losses.loss import Finding, LossKind, Rule, margin_of, material_of
from mom.losses.production import production_seconds, uncounted

LASTS = timedelta(minutes=15)
"""What is slow so soon after a change-over is start-up; later it is reduced speed."""
LEAST = 60.0
"""Lost seconds that are worth a row."""
SLOW = 0.1
"""A smaller share of what was run says how counts fall into minutes."""
AS_SLOW = 0.04
"""So far under the standard afterwards, it is no matter of starting."""


def start_ups(facts: Facts) -> list[Window]:
    """The first minutes after each change-over of the machine, as far as they lie in the window."""
    after = [
        Window(state.end, state.end + LASTS)
        for index, state in enumerate(facts.states)
        if state.mode == "set_up" and not state.open and not _goes_on(facts, index)
    ]
    return [cut for window in after if (cut := facts.window.cut(window.start, window.end))]


def find(facts: Facts) -> Iterator[Finding]:
    """Production time in the start-up minutes of the window that the pieces made do not account for; start-ups whose
    pieces are not all known are left out."""
    if facts.constraint is None or facts.machine.path != facts.constraint.path:
        return
    windows = [w for w in start_ups(facts) if not any(w.overlap(o.start, o.end) for o in uncounted(facts))]
    windows = [w for w in windows if not _slow_after(facts, w)]
    counts = [span for span in facts.counts if any(w.start <= span.start < w.end for w in windows)]
    standard = [ideal_seconds(facts, span) for span in counts]
    if not counts or any(seconds is None for seconds in standard):
        return
    worth = sum(seconds or 0.0 for seconds in standard)
    lost = sum(production_seconds(facts, window) for window in windows) - worth
    ran = worth + lost
    if worth <= 0 or lost < max(LEAST, SLOW * ran):
        return
    units = lost * sum(span.produced for span in counts) / worth
    scrap = sum(span.scrap for span in counts)
    yield Finding(
        kind=LossKind.start_up,
        key=f"start_up:{facts.machine.path}",
        title=f"{facts.machine.name}: slow after change-overs",
        reason="slow after change-over",
        start=windows[0].start,
        end=windows[-1].end,
        seconds=lost,
        units=units + scrap,
        money=Decimal(str(units + scrap)) * margin_of(facts, counts) + Decimal(str(scrap)) * material_of(facts, counts),
        evidence=(f"count:{counts[0].id}", f"count:{counts[-1].id}"),
        alerts=True,
        figures={
            "start_ups": len(windows),
            "scrap": scrap,
            "assumption": "pieces not made and pieces thrown out, each worth its margin; of those thrown out the material too",
        },
    )


def _slow_after(facts: Facts, window: Window) -> bool:
    """Whether it was as slow later: then it is slow running, not start-up."""
    later = Window(window.end, window.end + 3 * LASTS)
    counts = [span for span in facts.counts if later.start <= span.start < later.end]
    ran = production_seconds(facts, later)
    worth = sum(ideal_seconds(facts, span) or 0.0 for span in counts)
    return ran >= LASTS.total_seconds() and 0 < worth < (1 - AS_SLOW) * ran


def _goes_on(facts: Facts, index: int) -> bool:
    return index + 1 < len(facts.states) and facts.states[index + 1].mode == "set_up"


start_up = Rule("start_up", "Start-up", find, joins=True, patience=6)
