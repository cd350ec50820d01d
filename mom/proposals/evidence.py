"""Row references (`stop:12`): what they point at, and what that row tells in a line."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.actions.action import seen
from mom.actions.setting import Setting
from mom.errors import BadInput
from mom.models import (
    Alarm,
    Count,
    Document,
    Effect,
    Equipment,
    Gap,
    ImprovementTask,
    InspectionResult,
    Loss,
    MaintenanceOrder,
    MaterialLot,
    Nonconformance,
    Note,
    Passage,
    ProductionOrder,
    Qualification,
    Run,
    ScheduleEntry,
    SparePart,
    StateInterval,
    StockMove,
    Stop,
    Tag,
)
from mom.proposals.document import Evidence

NOUNS: dict[str, Any] = {
    "stop": Stop,
    "state": StateInterval,
    "alarm": Alarm,
    "count": Count,
    "run": Run,
    "gap": Gap,
    "loss": Loss,
    "task": ImprovementTask,
    "improvement_task": ImprovementTask,
    "effect": Effect,
    "order": ProductionOrder,
    "production_order": ProductionOrder,
    "schedule": ScheduleEntry,
    "schedule_entry": ScheduleEntry,
    "maintenance": MaintenanceOrder,
    "maintenance_order": MaintenanceOrder,
    "part": SparePart,
    "spare_part": SparePart,
    "lot": MaterialLot,
    "material_lot": MaterialLot,
    "move": StockMove,
    "stock_move": StockMove,
    "inspection": InspectionResult,
    "inspection_result": InspectionResult,
    "nonconformance": Nonconformance,
    "note": Note,
    "qualification": Qualification,
    "document": Document,
    "passage": Passage,
    "tag": Tag,
}
"""What may be cited, by the noun that stands before the colon."""
STARTS = ("started_at", "starts_at", "at", "reported_at", "received_at")


async def described(session: AsyncSession, setting: Setting, refs: Sequence[str]) -> tuple[Evidence, ...]:
    """Each reference with its row's text. BadInput names those that point at nothing in this plant."""
    found, missing = [], []
    for ref in refs:
        row = await _row(session, setting.site_id, ref)
        if row is None:
            missing.append(ref)
        else:
            found.append(Evidence(ref=ref, text=await _text(session, setting, row), query=f"/api/v1/rows/{ref}"))
    if missing:
        raise BadInput(
            f"evidence names {', '.join(map(repr, missing))}: there is no such row in this plant.",
            remedy="Cite references as a tool returned them, such as stop:12.",
        )
    return tuple(found)


async def _row(session: AsyncSession, site_id: int, ref: str) -> Any | None:
    noun, _, number = ref.partition(":")
    if noun not in NOUNS or not number.isascii() or not number.isdigit() or int(number) >= 2**63:
        return None
    model = NOUNS[noun]
    return await session.scalar(select(model).where(model.id == int(number), model.site_id == site_id))


async def _text(session: AsyncSession, setting: Setting, row: Any) -> str:
    words = [_what(row), await _where(session, row), _when(setting, row)]
    return ", ".join(word for word in words if word)[:300]


def _what(row: Any) -> str:
    """The row's own words; untrusted text is cleaned of what nobody sees."""
    kinds: dict[type, Callable[[Any], str]] = {
        Stop: lambda r: f"Stop: {r.reason or 'unclassified'}",
        StateInterval: lambda r: f"{r.state} {r.detail or r.mode}".strip(),
        Alarm: lambda r: f"Alarm {r.text}",
        Count: lambda r: f"{r.produced:g} produced, {r.scrap:g} scrapped",
        Run: lambda r: f"Run of {r.order or 'an order'} ({r.product or 'no product'})",
        Gap: lambda r: f"Nothing heard of {r.connector}: {r.reason}",
        Effect: lambda r: f"Effect: {r.verdict}",
        MaterialLot: lambda r: f"Lot {r.key} of {r.material}",
        ProductionOrder: lambda r: f"Order {r.key}, {r.quantity:g} of {r.product}",
        ScheduleEntry: lambda r: f"Order {r.order} as planned",
    }
    named = kinds.get(type(row))
    text = named(row) if named else next((v for a in ("title", "name", "text") if (v := getattr(row, a, None))), "")
    return str(seen(text or type(row).__name__))[:200]


async def _where(session: AsyncSession, row: Any) -> str:
    equipment_id = getattr(row, "equipment_id", None)
    if equipment_id is not None:
        found = await session.get(Equipment, equipment_id)
        return found.name if found else ""
    return str(seen(getattr(row, "equipment", None) or ""))


def _when(setting: Setting, row: Any) -> str:
    start = next((at for name in STARTS if (at := _time(row, name))), None)
    end = _time(row, "ended_at") or _time(row, "ends_at")
    if start is None:
        return ""
    return f"{setting.local(start)} to {setting.local(end)}" if end else setting.local(start)


def _time(row: Any, name: str) -> datetime | None:
    value = getattr(row, name, None)
    return value if isinstance(value, datetime) else None
