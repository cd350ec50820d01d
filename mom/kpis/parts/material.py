"""Material consumed and lost (ISO 22400-2, 25 to 29), stock and what was issued from it (24)."""

from mom.kpis.catalogue import not_given
from mom.kpis.parts.part import Found, Part, Sight

KINDS = {
    "consumed": "CM", "integrated": "IGQ", "production_loss": "PL", "storage_loss": "STL", "transport_loss": "STL",
    "other_loss": "OL",
}  # fmt: skip


def _booked(sight: Sight) -> Found:
    """IGQ is what was booked beside the line's own good pieces (mom/kpis/integrated_goods_ratio.py adds these)."""
    found = dict.fromkeys(("CM", "IGQ", "PL", "STL", "OL"), 0.0)
    for row in sight.of(sight.papers.bookings):
        if row.kind in KINDS:
            found[KINDS[row.kind]] += row.quantity
    return found, {}


def _stock(sight: Sight) -> Found:
    """In money where each material has a cost, since pieces of different materials do not add up; else in pieces."""
    issues = [
        row for row in sight.papers.issues if any(window.start <= row.at < window.end for window in sight.windows)
    ]
    spans = sight.papers.stock
    lots = [*((row.material, row.unit_cost) for row in issues), *((span.material, span.unit_cost) for span in spans)]
    priced = all(cost is not None for _, cost in lots)
    if not priced and len({material for material, _ in lots}) > 1:
        why = "materials without a unit cost cannot be added up"
        return {}, dict.fromkeys(("TH", "INV"), not_given("INV", why))
    values = [(cost or 0.0) if priced else 1.0 for _, cost in lots]
    issued, lying = values[: len(issues)], values[len(issues) :]
    return {
        "WINDOW": sum(window.seconds for window in sight.windows),
        "TH": sum(row.quantity * value for row, value in zip(issues, issued, strict=True)),
        "INV": sum(r.quantity * value * sight.seconds(r.start, r.end) for r, value in zip(spans, lying, strict=True)),
    }, {}


material = Part(
    "material",
    "material",
    ("CM", "IGQ", "PL", "STL", "OL"),
    _booked,
    "material_bookings",
    lambda papers: len(papers.bookings),
)
stock = Part(
    "stock",
    "stock",
    ("TH", "INV", "WINDOW"),
    _stock,
    "stock_levels",
    lambda papers: len(papers.stock) + len(papers.issues),
)
