"""Stops of machines, with their reasons."""

from mom.store.noun import ROWS, Dimension, Measure, Noun, superseded_then

LASTS = "extract(epoch FROM coalesce(t.ended_at, :now) - t.started_at)"

stops = Noun(
    "stops",
    "Stops",
    "stops",
    {
        "rows": ROWS,
        "stops": Measure("count(*)", "How many stops began.", by_place="count(*)"),
        "seconds": Measure(f"sum({LASTS})", "How long they lasted; one that lasts: until now.", "s"),
        "longest": Measure(f"max({LASTS})", "The longest of them.", "s"),
    },
    ("stops", "seconds"),
    {
        "reason": Dimension("coalesce(nullif(t.reason, ''), 'unclassified')"),
        "state": Dimension("t.state"),
        "told_by": Dimension("t.reason_by"),
    },
    equipment="t.equipment_id",
    time="t.started_at",
    ends="coalesce(t.ended_at, :now)",
    current="t.superseded_at IS NULL",
    as_of=superseded_then("stops"),
    seen_by="states",
    note="A stop belongs to the span in which it begins.",
)
