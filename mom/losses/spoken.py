"""What a loss's money was reckoned from, in one or two sentences: the same on the page, in the chat, in the command."""

from collections.abc import Mapping
from typing import Any

from mom import words
from mom.models import Loss

WHAT = {
    "margin": "margin of pieces not made",
    "set_ups": "change-over done later",
    "material": "material",
    "late": "late orders",
}


LEAST_GOOD = 100
"""With fewer good pieces nothing is said of energy by the piece."""


def cost_words(loss: Loss, currency: str) -> str:
    """Empty where nothing was reckoned: a condition costs nothing by itself."""
    cost: Mapping[str, Any] = (loss.figures or {}).get("cost", {})
    assumption = str((loss.figures or {}).get("assumption", ""))
    if loss.money is None:
        return ""
    if cost.get("by") == "meter":
        return _metered(loss.figures)
    if cost.get("by") != "replay":
        why = f"; the line was not replayed: {cost['why']}" if cost.get("why") else ""
        return f"A first estimate{f': {assumption}' if assumption else ''}{why}."
    return _replayed(cost, currency)


def _metered(figures: Mapping[str, Any]) -> str:
    """How many kWh it is beyond the norm, and what that is by good piece."""
    kwh, norm, good = (float(figures.get(name, 0.0)) for name in ("kwh", "kwh_norm", "good"))
    said = f"Metered: {words.quantity(kwh, 'kWh')} beyond the norm of the same running machines, at the plant's price of a kWh."
    if good >= LEAST_GOOD:
        said += f" A good piece took {(norm + kwh) / good:.3g} kWh instead of {norm / good:.3g}."
    return said


def _replayed(cost: Mapping[str, Any], currency: str) -> str:
    parts = [
        f"{'less ' if cost[name] < 0 else ''}{words.money(abs(cost[name]), currency)} {what}"
        for name, what in WHAT.items()
        if abs(cost.get(name, 0.0)) >= 0.5
    ]
    said = "The line was replayed without it: " + (", ".join(parts) if parts else "it would have made no more")
    second = cost.get("lost_second") or 0.0
    rates = f" A minute of the line is worth {words.money(round(60 * second, 2), currency)}." if second else ""
    usual = cost.get("beyond_the_usual", 1.0)
    share = f" Of such events {words.percent(usual, 0)} are beyond the usual." if usual < 0.995 else ""
    return f"{said}.{rates}{share}"
