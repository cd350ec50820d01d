"""Readings, counted: how many came from which tag, and how many were bad."""

from mom.store.noun import ROWS, Dimension, Measure, Noun

readings = Noun(
    "readings",
    "Readings",
    "readings",
    {
        "rows": ROWS,
        "readings": Measure("count(*)", "How many readings."),
        "bad": Measure("count(*) FILTER (WHERE t.status <> 0)", "Readings whose status is not good."),
        "first": Measure("min(t.at)", "The first of them."),
        "last": Measure("max(t.at)", "The last of them."),
    },
    ("readings", "bad"),
    {
        "tag": Dimension("tag.name"),
        "connector": Dimension("tag.connector"),
        "meaning": Dimension("tag.meaning"),
    },
    equipment="tag.equipment_id",
    joins={"": "JOIN tags tag ON tag.id = t.tag_id"},
    time="t.at",
    as_of="t.received_at <= :as_of",
    site="tag.site_id",
)
