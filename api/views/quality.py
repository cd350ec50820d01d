"""Charts, nonconformances, capability and drivers as the quality page shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mom import words
from mom.models import Nonconformance, QualityModel
from mom.quality.charted import Charted, rules_of
from mom.quality.drawing import Event, control_block, told
from mom.quality.explained import explained
from mom.quality.rules import RULES
from mom.store.plants import Layout
from mom.store.quality import whole

SHOWN = 4


def quality_view(layout: Layout, charts: Sequence[Charted], events: Mapping[str, Sequence[Event]],
                 found: Sequence[Nonconformance], models: Sequence[QualityModel], now: datetime) -> dict[str, Any]:  # fmt: skip
    """Everything of the page but the capability, which is reckoned beside it. `events`: repairs by machine."""
    zone = layout.zone
    drawn = [one for one in charts if one.chart is not None]
    return {
        "answer": _answer(layout, drawn, now, zone),
        "rules": "; ".join(RULES[n].says for n in rules_of(layout)),
        "charts": [
            block
            for one in drawn[:SHOWN]
            if (block := control_block(one, _title(layout, one), zone, events.get(one.equipment, ())))
        ],
        "others": [f"{_title(layout, one)}: {told(one)}" for one in drawn[SHOWN:]],
        "too_few": [f"{_title(layout, one)}: {one.missing}" for one in charts if one.chart is None],
        "found": [_nonconformance(layout, row, now, zone) for row in found],
        "models": [explained(model, machine_of(layout, model.equipment)) for model in models],
    }


def machine_of(layout: Layout, path: str) -> str:
    return layout.machines[path].name if path in layout.machines else path


def _answer(layout: Layout, charts: Sequence[Charted], now: datetime, zone: ZoneInfo) -> str:
    out = [one for one in charts if one.out]
    if not charts:
        return "No chart yet: a characteristic needs 20 results."
    if not out:
        return f"All {len(charts)} characteristics are in control."
    first = out[0]
    since = words.time_of(first.times[first.episodes[-1].first], now, zone)
    more = f" {len(out) - 1} more {'is' if len(out) == 2 else 'are'} too." if len(out) > 1 else ""
    return f"{_title(layout, first)}: out of control since {since}.{more}"


def _title(layout: Layout, one: Charted) -> str:
    return f"{one.characteristic[:1].upper()}{one.characteristic[1:]}, {machine_of(layout, one.equipment)}"


def _nonconformance(layout: Layout, row: Nonconformance, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.text,
        "where": machine_of(layout, whole(layout, row.equipment)) if row.equipment else words.NOTHING,
        "at": words.time_of(row.at, now, zone),
        "status": row.status,
        "by": "control chart" if row.source == "lineside" else row.source,
        "lot": row.lot or words.NOTHING,
    }
