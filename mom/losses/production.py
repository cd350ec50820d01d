"""How long a machine produced in a window."""

from mom.facts import Facts, Window
from mom.history.classes import TimeClass, classify


def production_seconds(facts: Facts, window: Window | None = None) -> float:
    """Of the facts' window, or of a part of it."""
    slices = (piece for piece in classify(facts) if piece.kind == TimeClass.production)
    if window is None:
        return sum(piece.end - piece.start for piece in slices) / 1e6
    return sum(window.overlap(piece.started_at, piece.ended_at) for piece in slices)
