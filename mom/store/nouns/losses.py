"""Losses: time, pieces and money."""

from mom.store.noun import ROWS, Dimension, Measure, Noun, superseded_then

losses = Noun(
    "losses",
    "Losses",
    "losses",
    {
        "rows": ROWS,
        "losses": Measure("count(*)", "How many losses began."),
        "seconds": Measure("sum(t.seconds)", "Time lost.", "s"),
        "units": Measure("sum(t.units)", "Pieces lost.", "pcs"),
        "money": Measure("sum(t.money)", "What it cost, where rates are known."),
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
    note="A loss belongs to the span in which it begins.",
)
