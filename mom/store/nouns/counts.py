"""Pieces: produced, good, scrapped, by machine, product, mould, defect, shift …"""

from mom.store.noun import ROWS, Dimension, Measure, Noun


def _pieces(column: str, definition: str, where: str, joined: dict[str, str] | None = None) -> Measure:
    of_line = f"sum({column}) FILTER (WHERE {where})"
    return Measure(of_line, definition, "pcs", by_place=f"sum({column})", joined=joined or {})


counts = Noun(
    "counts",
    "Pieces",
    "counts",
    {
        "rows": ROWS,
        "produced": _pieces("t.produced", "All pieces out, at the line's constraint.", "m.counts_for_line"),
        "good": Measure(
            "sum(t.produced) FILTER (WHERE m.counts_for_line) - "
            "coalesce(sum(t.produced - t.good) FILTER (WHERE m.counts_for_line), 0) - "
            "coalesce(sum(t.scrap) FILTER (WHERE m.behind AND NOT m.counts_for_line), 0)",
            "Produced, less what the constraint or a machine behind it threw out.",
            "pcs",
            by_place="sum(t.good)",
        ),
        "scrap": _pieces(
            "t.scrap",
            "Pieces thrown out by the constraint or behind it.",
            "m.behind",
            {"scrap": "sum(s.quantity) FILTER (WHERE m.behind)", "scrap by place": "sum(s.quantity)"},
        ),
        "rework": _pieces("t.rework", "Pieces sent to be done again.", "m.behind"),
        "ideal_seconds": Measure(
            "sum(t.ideal_seconds) FILTER (WHERE m.counts_for_line)",
            "Time that the pieces take by their standard.",
            "s",
            by_place="sum(t.ideal_seconds)",
        ),
    },
    ("produced", "good", "scrap"),
    {
        "product": Dimension("t.product"),
        "order": Dimension('t."order"'),
        "mould": Dimension("t.tool", also=("mold", "tool")),
        "defect": Dimension("s.reason", join="scrap", also=("reason",)),
        "shift": Dimension("t.shift"),
        "source": Dimension("t.source"),
    },
    equipment="t.equipment_id",
    joins={"scrap": "JOIN scrap_counts s ON s.count_id = t.id"},
    time="t.started_at",
    ends="t.ended_at",
    seen_by="counts",
    note="Pieces belong to the span in which their count begins. Without a machine named, a line's pieces are those of "
    "its constraint, less what was thrown out behind it.",
)
