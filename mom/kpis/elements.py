"""The elements of ISO 22400-2 that the history of a machine or line tells, computed once from its facts.

| elements | come from |
|---|---|
| time classes, CALENDAR, PBT, OPT, AUBT, APT, AUST, AUPT, ADET, ADOT | states, stops, shifts: `mom/kpis/times.py` |
| FE, STOPS, TTR | stops: one counts where it begins, its time where it lies |
| AOET, OAUBT, OAPT | runs of the line, and the classes while an order was on |
| PQ, GQ, SQ, RQ, PRI*PQ, COPQ, PT | counts: each belongs to where it begins, `mom/kpis/pieces.py` |
| EPC | ideal rate x PBT |

Every one is a sum: over windows that do not overlap, and over scopes that are disjoint, of one equipment they add up
exactly, since each depends on whole rows and where they lie, never on where a window is cut. (PT without states
adds up as long as no reported span reaches over the cut.) What other systems tell is in `mom/kpis/parts/`; what a
line has of its machines (SUM_AUBT, SUM_APT, PQ1, LSQ) in `mom/kpis/whole.py`. Names and meanings: `catalogue.py`.
"""

from collections.abc import Sequence

from mom.facts import CountSpan, Facts, Window
from mom.history.calendar import merged
from mom.history.classes import Slice, TimeClass, classify
from mom.kpis.catalogue import not_given
from mom.kpis.kpi import Elements
from mom.kpis.pieces import NO_COUNTS, above, capacity, ideal_rate, ideal_seconds, pieces, reported, union_seconds
from mom.kpis.scope import WHOLE, Scope, counts_in_scope, in_scope
from mom.kpis.times import DELAYED, STOPPED, cut, order_times, times

__all__ = ["DELAYED", "NO_STATES", "STOPPED", "elements", "ideal_rate", "ideal_seconds"]
NO_STATES = "no state data"
TIMES = ("PBT", "OPT", "AUBT", "APT", "AUST", "AUPT", "ADET", "ADOT", "TTR", "FE", "STOPS", *TimeClass)
OF_ORDERS = ("AOET", "OAUBT", "OAPT")


def elements(facts: Facts, scope: Scope = WHOLE) -> Elements:
    """Times (s) from classes, quantities (pieces) from counts. Computed over covered time, never extrapolated.

    PT is the time that pieces are held against: APT, or for counts that came without states their shifts' time.
    """
    counts = list(facts.counts) if scope.is_whole else list(counts_in_scope(facts, scope))
    windows = _windows(facts, scope, counts)
    values, missing = pieces(facts, counts)
    notes: list[str] = []
    if facts.has_states:
        whole = classify(facts)
        slices = whole if scope.is_whole else cut(whole, windows)
        values |= times(facts, slices, windows) | order_times(facts, slices, windows)
        seconds, seen, lost = values["CALENDAR"], values["CALENDAR"] - values["unknown"], _uncounted(facts, slices)
        values["PT"] = values["APT"]
    else:
        missing |= dict.fromkeys((*TIMES, *OF_ORDERS), not_given("PBT", NO_STATES))
        seconds, seen = sum(w.seconds for w in windows), reported(facts, windows)
        values["CALENDAR"] = seconds
        gaps = [gap for some in facts.uncounted.values() for gap in some]
        lost = sum(window.overlap(gap.start, gap.end) for gap in gaps for window in windows)
        _shift_time(facts, counts, values, missing, notes)
    if not facts.has_orders:
        untold = f"no order is told at {facts.machine.name}: a tag that means order, or the MES would give it"
        missing |= dict.fromkeys(OF_ORDERS, untold)
        values = {name: value for name, value in values.items() if name not in OF_ORDERS}
        if scope.of_work and facts.has_states:
            missing |= dict.fromkeys((*TIMES, "CALENDAR", "PT"), untold)
    capacity(facts, values, missing)
    rows = {"states": len(facts.states), "stops": len(facts.stops), "counts": len(counts), "runs": len(facts.runs)}
    return Elements(seconds, seen, values, missing, rows, tuple(notes), lost)


def _windows(facts: Facts, scope: Scope, counts: Sequence[CountSpan]) -> Sequence[Window]:
    if facts.has_states or scope.is_whole:
        return in_scope(facts, scope)
    return merged(part for span in counts if (part := facts.window.cut(span.start, span.end)))


def _uncounted(facts: Facts, slices: Sequence[Slice]) -> float:
    """Seconds in which a machine produced and nobody counted: where it stood there was nothing to count."""
    made = [piece for piece in slices if piece.kind == TimeClass.production and piece.equipment in facts.uncounted]
    windows = [(window, piece) for piece in made for window in facts.uncounted[piece.equipment]]
    return sum(window.overlap(piece.started_at, piece.ended_at) for window, piece in windows)


def _shift_time(
    facts: Facts, counts: Sequence[CountSpan], values: dict[str, float], missing: dict[str, str], notes: list[str]
) -> None:
    """Without states, pieces are held against the time of the shifts that were reported."""
    if not counts:
        missing.setdefault("PT", not_given("PQ", NO_COUNTS))
        return
    values["PT"] = union_seconds(counts)
    notes.append("without state data, performance is held against the whole time of the shifts that were reported")
    notes.extend(above(facts, counts))
