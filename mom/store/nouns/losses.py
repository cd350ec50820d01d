"""Losses: time, pieces and money."""

from mom.store.noun import ROWS, Dimension, Measure, Noun, superseded_then

losses = Noun(
    "losses",
    "Losses",
    "losses",
    {
        "rows": ROWS,
        "losses": Measure("count(*)", "How many losses began."),
        "seconds": Measure("sum(t.seconds)", "Time lost by losses that began, the whole of each.", "s"),
        "units": Measure("sum(t.units)", "Pieces lost by losses that began, by the whole of each.", "pcs"),
        "money": Measure("sum(t.money)", "What losses that began cost, the whole of each, where rates are known."),
    },
    ("losses", "seconds", "units", "money"),
    {
        "kind": Dimension("t.kind"),
        "rule": Dimension("t.rule"),
        "reason": Dimension("coalesce(nullif(t.reason, ''), 'unclassified')"),
        "status": Dimension("t.status"),
        "title": Dimension("t.title"),
    },
    equipment="t.equipment_id",
    time="t.started_at",
    ends="coalesce(t.ended_at, :now)",
    current="t.superseded_at IS NULL",
    as_of=superseded_then("losses"),
    seen_by="states",
    note="A loss belongs whole to the span in which it begins; the list of losses tells what of each fell into a window.",
)
