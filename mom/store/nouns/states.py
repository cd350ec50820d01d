"""What state machines were in, and for how long."""

from mom.store.noun import ROWS, Dimension, Measure, Noun, superseded_then

LASTS = "extract(epoch FROM least(coalesce(t.ended_at, :now), :end) - greatest(t.started_at, :start))"

states = Noun(
    "states",
    "Machine states",
    "state_intervals",
    {
        "rows": ROWS,
        "seconds": Measure(f"sum({LASTS})", "Time in the state within the window.", "s"),
    },
    ("seconds",),
    {
        "state": Dimension("t.state"),
        "detail": Dimension("t.detail"),
        "mode": Dimension("t.mode"),
    },
    equipment="t.equipment_id",
    time="t.started_at",
    current="t.superseded_at IS NULL",
    as_of=superseded_then("state_intervals"),
    seen_by="states",
    ends="coalesce(t.ended_at, :now)",
    overlaps=True,
    note="A state is cut at the window's ends; by day or month it belongs to where it begins.",
)
