"""Records and readings that wait for a person, with what is wrong with them."""

from mom.store.noun import ROWS, Dimension, Measure, Noun

waiting = Noun(
    "waiting",
    "Waiting items",
    "waiting_items",
    {
        "rows": ROWS,
        "items": Measure("count(*)", "How many wait."),
        "oldest": Measure("min(t.received_at)", "Since when the oldest waits."),
    },
    ("items", "oldest"),
    {
        "source": Dimension("t.source"),
        "noun": Dimension("t.noun"),
        "field": Dimension("t.field"),
        "reason": Dimension("t.reason"),
        "key": Dimension("t.key"),
    },
    time="t.received_at",
    current="t.settled_at IS NULL",
    as_of="t.received_at <= :as_of AND (t.settled_at IS NULL OR t.settled_at > :as_of)",
)
