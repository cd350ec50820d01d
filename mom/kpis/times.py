"""The elements that are times: classes of the window's seconds, added up over the scope."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mom.facts import Facts, StopSpan, Window
from mom.history.calendar import merged, planned
from mom.history.classes import EPOCH, MICROSECOND, Slice, TimeClass, is_planned, micros, totals
from mom.history.classes_said import latest
from mom.kpis.scope import within

STOPPED = (TimeClass.breakdown, TimeClass.minor_stop, TimeClass.unclassified)
DELAYED = (*STOPPED, TimeClass.starved, TimeClass.blocked, TimeClass.waiting)


def times(facts: Facts, slices: Sequence[Slice], windows: Sequence[Window]) -> dict[str, float]:
    """Seconds, of each machine, added. `slices` lie in `windows` already. CALENDAR: all of them."""
    micro = totals(slices)
    found: dict[str, float] = {kind.value: micro[kind] / 1e6 for kind in TimeClass}
    total = sum(micro.values()) / 1e6
    apt, aust = found[TimeClass.production], found[TimeClass.set_up]
    adet = sum(found[kind] for kind in DELAYED)
    pbt = total - found[TimeClass.planned_stop] - found[TimeClass.unknown]
    away = _not_stops(facts)
    stood = [stop for stop in facts.stops if not _lies_in(stop, away) and _on_order(stop, facts)]
    begun = [stop for stop in stood if any(w.start <= stop.start < w.end for w in windows)]
    return found | {
        "CALENDAR": total,
        "PBT": pbt,
        "OPT": pbt + _planned_in_shift(facts, slices),
        "APT": apt,
        "AUST": aust,
        "AUPT": apt + aust,
        "ADET": adet,
        "AUBT": apt + aust + adet,
        "ADOT": found[TimeClass.idle],
        "FE": sum(1 for stop in begun if is_failure(stop, facts)),
        "STOPS": len(begun),
        "TTR": _restoring(facts, windows, stood),
    }


def order_times(facts: Facts, slices: Sequence[Slice], windows: Sequence[Window]) -> dict[str, float]:
    """AOET, and the busy and production time in it (of each machine, added)."""
    on = within(windows, merged(Window(run.start, run.end) for run in facts.runs if run.order))
    micro = totals(cut(slices, on))
    busy = (TimeClass.production, TimeClass.set_up, *DELAYED)
    return {
        "AOET": sum(window.seconds for window in on),
        "OAUBT": sum(micro[kind] for kind in busy) / 1e6,
        "OAPT": micro[TimeClass.production] / 1e6,
    }


def cut(slices: Iterable[Slice], windows: Sequence[Window]) -> list[Slice]:
    """The slices within `windows` (in order, none touching the next)."""
    spans = [(micros(w.start), micros(w.end)) for w in windows]
    starts = [start for start, _ in spans]
    found: list[Slice] = []
    for piece in slices:
        index = max(0, bisect_right(starts, piece.start) - 1)
        while index < len(spans) and spans[index][0] < piece.end:
            low, high = max(piece.start, spans[index][0]), min(piece.end, spans[index][1])
            if low < high:
                whole = low == piece.start and high == piece.end
                found.append(piece if whole else replace(piece, start=low, end=high))
            index += 1
    return found


def moment(at: int) -> datetime:
    return EPOCH + at * MICROSECOND


def is_failure(stop: StopSpan, facts: Facts) -> bool:
    """A stop for a cause inside the machine that is no minor stop (REFERENCE: six big losses)."""
    return stop.end - stop.start >= facts.minor_stop and not is_planned(stop.reason)


def _restoring(facts: Facts, windows: Sequence[Window], stops: Sequence[StopSpan]) -> float:
    """Planned seconds down for failures."""
    spans = windows if facts.no_calendar else within(windows, planned(facts.shifts))
    failures = [stop for stop in stops if is_failure(stop, facts)]
    return sum(span.overlap(stop.start, stop.end) for stop in failures for span in spans)


def _not_stops(facts: Facts) -> dict[str, Sequence[Window]]:
    """By machine: where what the machine tells as a stop is a change-over, or a person said that it was none."""
    found: dict[str, list[Window]] = {path: list(windows) for path, windows in facts.change_overs.items()}
    for path in {span.equipment for span in facts.corrected}:
        said = latest((span for span in facts.corrected if span.equipment == path), micros)
        found.setdefault(path, []).extend(Window(moment(s.start), moment(s.end)) for s in said if s.kind not in STOPPED)
    return {path: merged(windows) for path, windows in found.items()}


def _lies_in(stop: StopSpan, windows: Mapping[str, Sequence[Window]]) -> bool:
    """By where it begins: whole rows only, wherever a window is cut."""
    return any(window.start <= stop.start < window.end for window in windows.get(stop.equipment, ()))


def _planned_in_shift(facts: Facts, slices: Sequence[Slice]) -> float:
    """Seconds of planned stops within worked shifts: they count for OOE, which leaves only closed time out."""
    stopped = [piece for piece in slices if piece.kind == TimeClass.planned_stop]
    inside = stopped if facts.no_calendar else cut(stopped, planned(facts.shifts))
    return totals(inside)[TimeClass.planned_stop] / 1e6


def _on_order(stop: StopSpan, facts: Facts) -> bool:
    """A stop that nobody gave a reason while no order was on is no failure: the machine had nothing to do."""
    return bool(stop.reason) or not any(window.start <= stop.start < window.end for window in facts.no_order)
