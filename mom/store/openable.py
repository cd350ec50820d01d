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
REPAIR = ("key", "part", "kind", "title", "text", "status", "reported_at", *SPAN, "technician", "cost", "source")
ATTENDANCE = ("kind", "crew", "trade", "people", "order", *SPAN, "source")
TASK = ("title", "countermeasure", "owner", "due_on", "check_on", "status", "measure", "unit", "baseline", "target")
EFFECT = ("task_id", "before", "after", "difference", "low", "high", "unit", "money", "verdict", "checked_at")
PROPOSAL = ("title", "action", "cost", "proposed_by", "status", "expires_at", "sha256")
SIGNAL = ("name", "title", "connector", "meaning", "unit")
WAITING = ("source", "noun", "key", "field", "reason", "body", "received_at")
CHANGE = ("at", "kind", "before", "after", "bits")
COUNT = (*SPAN, "produced", "good", "scrap", "rework", "product", "order", "tool", "shift", "source", "key")
PRICED = ("rule", "kind", "title", "reason", *SPAN, "seconds", "units", "money", "money_low", "money_high")
LOSS = (*PRICED, "coverage", "status", "evidence")
ORDER = "key product quantity due_at release_at finished_at good status customer"
REPAIRED = "coalesce(started_at, reported_at, planned_at)"


def _told(ref: str, columns: str, start: str = "at", by: str = "equipment", table: str = "") -> Noun:
    """A noun of records that another system told, each of one moment; it may tell them anew."""
    return Noun(f"{ref}s", ref, table or f"{ref}s", (*columns.split(), "source"), start, None, by, RECORDED)


FOUND = (
    Noun("states", "state", "state_intervals", ("state", "detail", "mode", *SPAN)),
    Noun("stops", "stop", "stops", ("state", "reason", "reason_by", *SPAN)),
    Noun("alarms", "alarm", "alarms", ("code", "text", "stops", *SPAN)),
    Noun("runs", "run", "runs", ("order", "product", *SPAN)),
    Noun("counts", "count", "counts", COUNT, end=None, current="true"),
    Noun("counter_events", "counter_event", "counter_events", CHANGE, "at", None, "tag_id", "true"),
    Noun("gaps", "gap", "gaps", ("connector", "reason", "detail", *SPAN), by="", current="true"),
    Noun("losses", "loss", "losses", LOSS),
    Noun("signals", "signal", "tags", SIGNAL, "", None, current="r.active", key="name"),
)
TOLD = (
    Noun("maintenance_orders", "maintenance_order", "maintenance_orders", REPAIR, REPAIRED,
         by="equipment", current=RECORDED),
    Noun("personnel_times", "personnel_time", "personnel_times", ATTENDANCE, by="equipment", current=RECORDED),
    Noun("notes", "note", "notes", ("author", "crew", "text", "kind", "at"), "at", None, "equipment", RECORDED),
    _told("inspection_result", "product lot sample characteristic value unit low high passed at"),
    _told("material_booking", "material kind quantity unit product order at"),
    _told("stock_level", "material quantity unit unit_cost at"),
    _told("nonconformance", "text status product lot at"),
    _told("stock_move", "lot material quantity order at", by="to_equipment"),
    _told("order", ORDER, "due_at", "line", "production_orders"),
    _told("material_lot", "key material supplier quantity unit received_at expected_at status", "received_at", ""),
    _told("spare_part", "key name fits on_hand lead_days price", "", ""),
    _told("document", "key title kind language body", ""),
    Noun("waiting", "waiting", "waiting_items", WAITING, "received_at", None, "", "settled_at IS NULL"),
)  # fmt: skip
DONE = (
    Noun("tasks", "task", "improvement_tasks", TASK, "created_at", None, current="true"),
    Noun("effects", "effect", "effects", EFFECT, "checked_at", None, by="", current="true"),
    Noun("proposals", "proposal", "proposals", PROPOSAL, "created_at", None, current="true"),
)
NOUNS = {noun.name: noun for noun in (*FOUND, *TOLD, *DONE)}
REFS = {noun.ref: noun for noun in NOUNS.values()}
