"""The elements of ISO 22400-2, computed once from facts; every KPI is a formula over them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mom.facts import CountSpan, Facts, StopSpan
from mom.history.calendar import planned
from mom.history.classes import Slice, TimeClass, classify, is_planned, totals
from mom.kpis.kpi import Elements

NO_STATES = "no state data"
NO_CALENDAR = "no shift calendar"
NO_COUNTS = "no counts"
STOPPED = (TimeClass.breakdown, TimeClass.minor_stop, TimeClass.unclassified)
DELAYED = (*STOPPED, TimeClass.starved, TimeClass.blocked, TimeClass.waiting)
TIMES = ("PBT", "AUBT", "APT", "AUST", "AUPT", "ADET", "ADOT", "TTR", "FE", "STOPS", *TimeClass)


def elements(facts: Facts) -> Elements:
    """Times (s) from classes, quantities (pieces) from counts. Computed over covered time, never extrapolated.

    PT is the time that pieces are held against: APT, or for counts that came without states their shifts' time.
    """
    values: dict[str, float] = {"CALENDAR": facts.window.seconds}
    missing: dict[str, str] = {}
    notes: list[str] = []
    if facts.has_states:
        slices = classify(facts)
        seen, seconds = _times(facts, slices, values)
        lost = _uncounted(facts, slices)
    else:
        missing |= dict.fromkeys(TIMES, NO_STATES)
        seconds = facts.window.seconds
        seen = _reported(facts)
        lost = sum(facts.window.overlap(w.start, w.end) for some in facts.uncounted.values() for w in some)
    _quantities(facts, values, missing)
    _performance_base(facts, values, missing, notes)
    rows = {"states": len(facts.states), "stops": len(facts.stops), "counts": len(facts.counts)}
    return Elements(seconds, seen, values, missing, rows, tuple(notes), lost)


def _times(facts: Facts, slices: Sequence[Slice], values: dict[str, float]) -> tuple[float, float]:
    """Adds the times to `values`; returns covered and calendar seconds (of each machine, added)."""
    micro = totals(slices)
    times: dict[str, float] = {kind: micro[kind] / 1e6 for kind in TimeClass}
    total = sum(micro.values()) / 1e6
    apt, aust = times[TimeClass.production], times[TimeClass.set_up]
    adet = sum(times[kind] for kind in DELAYED)
    failures = [stop for stop in facts.stops if _is_failure(stop, facts)]
    values.update(times)
    values.update(
        CALENDAR=total,
        PBT=total - times[TimeClass.planned_stop] - times[TimeClass.unknown],
        APT=apt,
        AUST=aust,
        AUPT=apt + aust,
        ADET=adet,
        AUBT=apt + aust + adet,
        ADOT=times[TimeClass.idle],
        FE=sum(1 for stop in failures if facts.window.start <= stop.start < facts.window.end),
        STOPS=sum(1 for stop in facts.stops if facts.window.start <= stop.start < facts.window.end),
        TTR=_planned_seconds(failures, facts),
    )
    return total - times[TimeClass.unknown], total


def _uncounted(facts: Facts, slices: Sequence[Slice]) -> float:
    """Seconds in which a machine produced and nobody counted: where it stood there was nothing to count."""
    made = [piece for piece in slices if piece.kind == TimeClass.production and piece.equipment in facts.uncounted]
    windows = [(window, piece) for piece in made for window in facts.uncounted[piece.equipment]]
    return sum(window.overlap(piece.started_at, piece.ended_at) for window, piece in windows)


def _is_failure(stop: StopSpan, facts: Facts) -> bool:
    """A stop for a cause inside the machine that is no minor stop (REFERENCE: six big losses)."""
    return stop.end - stop.start >= facts.minor_stop and not is_planned(stop.reason)


def _planned_seconds(stops: Iterable[StopSpan], facts: Facts) -> float:
    spans = (
        [facts.window]
        if facts.no_calendar
        else [w for s in planned(facts.shifts) if (w := facts.window.cut(s.start, s.end))]
    )
    return sum(span.overlap(stop.start, stop.end) for stop in stops for span in spans)


def _quantities(facts: Facts, values: dict[str, float], missing: dict[str, str]) -> None:
    if not facts.has_counts:
        missing |= dict.fromkeys(("PQ", "GQ", "SQ", "RQ", "PRI*PQ", "PT"), NO_COUNTS)
        return
    values["PQ"] = sum(span.produced for span in facts.counts)
    values["GQ"] = sum(span.good for span in facts.counts)
    values["SQ"] = sum(span.scrap for span in facts.counts)
    values["RQ"] = sum(span.rework for span in facts.counts)
    ideal = [ideal_seconds(facts, span) for span in facts.counts]
    if any(seconds is None for seconds in ideal):
        span = next(s for s, seconds in zip(facts.counts, ideal, strict=True) if seconds is None)
        missing["PRI*PQ"] = f"no ideal rate of {span.product or 'the product'} at {facts.machine.name}"
    else:
        values["PRI*PQ"] = sum(seconds or 0.0 for seconds in ideal)


def _performance_base(facts: Facts, values: dict[str, float], missing: dict[str, str], notes: list[str]) -> None:
    if facts.has_states:
        values["PT"] = values["APT"]
    elif facts.counts:
        values["PT"] = _union_seconds(facts.counts)
        notes.append("without state data, performance is held against the whole time of the shifts that were reported")
        notes.extend(_above(facts))
    else:
        missing.setdefault("PT", NO_COUNTS)


def _above(facts: Facts) -> list[str]:
    """How many reported shifts are above 100 %; a month that is below may hold many."""
    standard: dict[tuple[datetime, datetime], float] = {}
    for span in facts.counts:
        seconds = ideal_seconds(facts, span) or 0.0
        standard[span.start, span.end] = standard.get((span.start, span.end), 0.0) + seconds
    over = sum(1 for (start, end), seconds in standard.items() if seconds > (end - start).total_seconds())
    if not over:
        return []
    return [f"{over} of {len(standard)} shifts are above 100 %: the standard is too loose or the shift was longer"]


def ideal_rate(facts: Facts, product: str | None) -> float | None:
    """Pieces per minute that the machine makes at best: of the product, else its own."""
    known = facts.products.get(product or "")
    return (known.rates.get(facts.machine.path) if known else None) or facts.machine.ideal_rate


def ideal_seconds(facts: Facts, span: CountSpan) -> float | None:
    """PRI x PQ of one count; what its source says counts first. None: no standard is known."""
    if span.ideal_seconds is not None:
        return span.ideal_seconds
    if span.produced == 0:
        return 0.0
    rate = ideal_rate(facts, span.product)
    return span.produced * 60 / rate if rate else None


def _union_seconds(counts: Iterable[CountSpan]) -> float:
    """Seconds covered by the spans: two moulds in one shift share its time."""
    total, until = 0.0, None
    for span in sorted(counts, key=lambda s: s.start):
        start: datetime = span.start if until is None else max(span.start, until)
        if span.end > start:
            total += (span.end - start).total_seconds()
            until = span.end
    return total


def _reported(facts: Facts) -> float:
    """Seconds of the window between the first and the last thing that the reporting system told of this plant."""
    if facts.reported is None:
        return 0.0
    return facts.window.overlap(facts.reported.start, facts.reported.end)
