"""How long a machine produced in a window."""

from mom.facts import Facts, Window
from mom.history.calendar import merged
from mom.history.classes import TimeClass, classify


def production_seconds(facts: Facts, window: Window | None = None) -> float:
    """Of the facts' window, or of a part of it."""
    slices = (piece for piece in classify(facts) if piece.kind == TimeClass.production)
    if window is None:
        return sum(piece.end - piece.start for piece in slices) / 1e6
    return sum(window.overlap(piece.started_at, piece.ended_at) for piece in slices)


_LAST: list[tuple[Facts, list[Window]]] = []
"""The facts that were looked at last: several rules ask the same of them, one after the other."""


def production_spans(facts: Facts) -> list[Window]:
    """When it produced, in order of time, without holes between neighbours."""
    if not _LAST or _LAST[0][0] is not facts:
        _LAST[:] = [(facts, _production_spans(facts))]
    return _LAST[0][1]


def _production_spans(facts: Facts) -> list[Window]:
    found: list[Window] = []
    for piece in classify(facts):
        if piece.kind == TimeClass.production:
            joins = found and found[-1].end == piece.started_at
            start = found.pop().start if joins else piece.started_at
            found.append(Window(start, piece.ended_at))
    return found


def uncounted(facts: Facts) -> tuple[Window, ...]:
    """When the machine's pieces are not known: nothing is said of its speed there."""
    found = (facts.window.cut(one.start, one.end) for one in facts.uncounted.get(facts.machine.path, ()))
    return merged(one for one in found if one)
