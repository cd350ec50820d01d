"""Inspection results of the laboratory and the line."""

from mom.store.noun import Dimension, Measure, record_noun

inspections = record_noun(
    "inspection_results",
    "Inspection results",
    {
        "characteristic": Dimension("t.characteristic"),
        "product": Dimension("t.product"),
        "order": Dimension('t."order"'),
        "lot": Dimension("t.lot"),
        "passed": Dimension("t.passed"),
        "unit": Dimension("t.unit"),
    },
    {
        "results": Measure("count(*)", "How many results."),
        "failed": Measure("count(*) FILTER (WHERE t.passed IS FALSE)", "Results outside their limits."),
        "mean": Measure(
            "CASE WHEN count(DISTINCT t.characteristic) <= 1 THEN avg(t.value) END",
            "Mean value; of one characteristic at a time.",
        ),
        "low": Measure("CASE WHEN count(DISTINCT t.characteristic) <= 1 THEN min(t.value) END", "Smallest value."),
        "high": Measure("CASE WHEN count(DISTINCT t.characteristic) <= 1 THEN max(t.value) END", "Largest value."),
    },
    ("results", "failed"),
    equipment="t.equipment",
    time="t.at",
    name="inspections",
)
