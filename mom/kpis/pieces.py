"""The elements that are pieces: what counters and systems told, against the standard, and what it cost."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mom.facts import CountSpan, Facts, Window
from mom.kpis.catalogue import ELEMENTS, not_given

NO_COUNTS = "no counts"
COUNTED = ("PQ", "GQ", "SQ", "RQ", "PRI*PQ", "COPQ")


def pieces(facts: Facts, counts: Sequence[CountSpan]) -> tuple[dict[str, float], dict[str, str]]:
    """(values, missing -> why) of the counts of a scope. Quantities in pieces, PRI x PQ in seconds."""
    if not facts.has_counts:
        return {}, dict.fromkeys(COUNTED, not_given("PQ", NO_COUNTS))
    values = {
        "PQ": sum(span.produced for span in counts),
        "GQ": sum(span.good for span in counts),
        "SQ": sum(span.scrap for span in counts),
        "RQ": sum(span.rework for span in counts),
    }
    missing: dict[str, str] = {}
    ideal = [ideal_seconds(facts, span) for span in counts]
    if any(seconds is None for seconds in ideal):
        span = next(s for s, seconds in zip(counts, ideal, strict=True) if seconds is None)
        missing["PRI*PQ"] = f"no ideal rate of {span.product or 'the product'} at {facts.machine.name}"
    else:
        values["PRI*PQ"] = sum(seconds or 0.0 for seconds in ideal)
    _cost(facts, counts, values, missing)
    return values, missing


def _cost(facts: Facts, counts: Sequence[CountSpan], values: dict[str, float], missing: dict[str, str]) -> None:
    """Scrap at its material, rework at the line's time for making a piece once more."""
    total = 0.0
    for span in counts:
        if not span.scrap and not span.rework:
            continue
        product, rate = facts.products.get(span.product or ""), ideal_rate(facts, span.product)
        if product is None:
            missing["COPQ"] = (
                f"{ELEMENTS['COPQ'].meaning} ({span.product or 'no product was told'}: the PLM gives its cost)"
            )
            return
        total += span.scrap * float(product.material_cost)
        if span.rework and not rate:
            missing["COPQ"] = f"no ideal rate of {span.product} at {facts.machine.name}, which says what rework costs"
            return
        total += span.rework / rate / 60 * float(facts.line_hour) if rate else 0.0
    values["COPQ"] = total


def capacity(facts: Facts, values: dict[str, float], missing: dict[str, str]) -> None:
    """EPC: what the machine could make at its own ideal rate in all of its planned busy time."""
    of_line = facts.machine.path == facts.machine.line and facts.constraint is not None
    rate = facts.machine.ideal_rate or (facts.constraint.ideal_rate if of_line and facts.constraint else None)
    if rate is None:
        missing["EPC"] = f"no ideal rate of {facts.machine.name}: the plant file gives it (ideal_rate)"
    elif "PBT" in values:
        values["EPC"] = rate / 60 * values["PBT"]
    else:
        missing["EPC"] = missing["PBT"]


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


def above(facts: Facts, counts: Iterable[CountSpan]) -> list[str]:
    """How many reported shifts are above 100 %; a month that is below may hold many."""
    standard: dict[tuple[datetime, datetime], float] = {}
    for span in counts:
        seconds = ideal_seconds(facts, span) or 0.0
        standard[span.start, span.end] = standard.get((span.start, span.end), 0.0) + seconds
    over = sum(1 for (start, end), seconds in standard.items() if seconds > (end - start).total_seconds())
    if not over:
        return []
    return [f"{over} of {len(standard)} shifts are above 100 %: the standard is too loose or the shift was longer"]


def union_seconds(counts: Iterable[CountSpan]) -> float:
    """Seconds covered by the spans: two moulds in one shift share its time."""
    total, until = 0.0, None
    for span in sorted(counts, key=lambda s: s.start):
        start: datetime = span.start if until is None else max(span.start, until)
        if span.end > start:
            total += (span.end - start).total_seconds()
            until = span.end
    return total


def reported(facts: Facts, windows: Iterable[Window]) -> float:
    """Seconds between the first and the last thing that the reporting system told of this plant."""
    if facts.reported is None:
        return 0.0
    return sum(window.overlap(facts.reported.start, facts.reported.end) for window in windows)
