"""What can be opened row by row, and how it reads: one table for citations, side sheets and the API."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """What can be opened. `by`: how it is found by equipment: its id, its path, or its tag's equipment."""

    name: str  # plural, as in /rows/stops
    ref: str  # singular, as in stop:12
    table: str
    columns: tuple[str, ...]
    start: str = "started_at"  # "": it has no time
    end: str | None = "ended_at"
    by: str = "equipment_id"
    current: str = "superseded_at IS NULL"
    key: str = "id"  # what stands after the colon of a reference


SPAN = ("started_at", "ended_at")
RECORDED = "upper_inf(recorded)"
TASK = ("title", "countermeasure", "owner", "due_on", "check_on", "status", "measure", "unit", "baseline", "target")
EFFECT = ("task_id", "before", "after", "difference", "low", "high", "unit", "money", "verdict", "checked_at")
PROPOSAL = ("title", "action", "cost", "proposed_by", "status", "expires_at", "sha256")
ORDER = ("key", "product", "quantity", "due_at", "release_at", "finished_at", "good", "status", "customer", "source")
LOT = ("key", "material", "supplier", "quantity", "unit", "received_at", "expected_at", "status", "source")
PART = ("key", "name", "fits", "on_hand", "lead_days", "price", "source")
DOCUMENT = ("key", "title", "kind", "language", "body", "source")
SIGNAL = ("name", "title", "connector", "meaning", "unit")
WAITING = ("source", "noun", "key", "field", "reason", "body", "received_at")
NOUNS = {
    noun.name: noun
    for noun in (
        Noun("states", "state", "state_intervals", ("state", "detail", "mode", *SPAN)),
        Noun("stops", "stop", "stops", ("state", "reason", "reason_by", *SPAN)),
        Noun("alarms", "alarm", "alarms", ("code", "text", "stops", *SPAN)),
        Noun("runs", "run", "runs", ("order", "product", *SPAN)),
        Noun(
            "counts",
            "count",
            "counts",
            (*SPAN, "produced", "good", "scrap", "rework", "product", "order", "tool", "shift", "source", "key"),
            end=None,
            current="true",
        ),
        Noun(
            "losses",
            "loss",
            "losses",
            (
                "rule",
                "kind",
                "title",
                "reason",
                *SPAN,
                "seconds",
                "units",
                "money",
                "money_low",
                "money_high",
                "coverage",
                "status",
                "evidence",
            ),
        ),
        Noun(
            "maintenance_orders",
            "maintenance_order",
            "maintenance_orders",
            ("key", "part", "kind", "title", "text", "status", "reported_at", *SPAN, "technician", "cost", "source"),
            start="coalesce(started_at, reported_at, planned_at)",
            by="equipment",
            current=RECORDED,
        ),
        Noun(
            "inspection_results",
            "inspection_result",
            "inspection_results",
            ("product", "lot", "sample", "characteristic", "value", "unit", "low", "high", "passed", "at", "source"),
            start="at",
            end=None,
            by="equipment",
            current=RECORDED,
        ),
        Noun(
            "personnel_times",
            "personnel_time",
            "personnel_times",
            ("kind", "crew", "trade", "people", "order", *SPAN, "source"),
            by="equipment",
            current=RECORDED,
        ),
        Noun(
            "material_bookings",
            "material_booking",
            "material_bookings",
            ("material", "kind", "quantity", "unit", "product", "order", "at", "source"),
            start="at",
            end=None,
            by="equipment",
            current=RECORDED,
        ),
        Noun(
            "stock_levels",
            "stock_level",
            "stock_levels",
            ("material", "quantity", "unit", "unit_cost", "at", "source"),
            start="at",
            end=None,
            by="equipment",
            current=RECORDED,
        ),
        Noun(
            "nonconformances",
            "nonconformance",
            "nonconformances",
            ("text", "status", "product", "lot", "at", "source"),
            start="at",
            end=None,
            by="equipment",
            current=RECORDED,
        ),
        Noun("notes", "note", "notes", ("author", "crew", "text", "kind", "at"), "at", None, "equipment", RECORDED),
        Noun(
            "stock_moves",
            "stock_move",
            "stock_moves",
            ("lot", "material", "quantity", "order", "at", "source"),
            start="at",
            end=None,
            by="to_equipment",
            current=RECORDED,
        ),
        Noun("gaps", "gap", "gaps", ("connector", "reason", "detail", *SPAN), by="", current="true"),
        Noun(
            "counter_events",
            "counter_event",
            "counter_events",
            ("at", "kind", "before", "after", "bits"),
            start="at",
            end=None,
            by="tag_id",
            current="true",
        ),
        Noun("tasks", "task", "improvement_tasks", TASK, "created_at", None, current="true"),
        Noun("effects", "effect", "effects", EFFECT, "checked_at", None, by="", current="true"),
        Noun("proposals", "proposal", "proposals", PROPOSAL, "created_at", None, current="true"),
        Noun("orders", "order", "production_orders", ORDER, "due_at", None, "line", RECORDED),
        Noun("material_lots", "material_lot", "material_lots", LOT, "received_at", None, "", RECORDED),
        Noun("spare_parts", "spare_part", "spare_parts", PART, "", None, "", RECORDED),
        Noun("documents", "document", "documents", DOCUMENT, "", None, "equipment", RECORDED),
        Noun("signals", "signal", "tags", SIGNAL, "", None, current="r.active", key="name"),
        Noun("waiting", "waiting", "waiting_items", WAITING, "received_at", None, "", "settled_at IS NULL"),
    )
}
REFS = {noun.ref: noun for noun in NOUNS.values()}
