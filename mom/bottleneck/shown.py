"""A bottleneck as tools, the API and the command tell it."""

from collections.abc import Mapping, Sequence
from typing import Any

from mom.bottleneck.find import Bottleneck, StageShare
from mom.bottleneck.relief import Relief
from mom.store.plants import Layout

WORTH_SAYING = 0.02
"""Share of the time under which a machine is not named as one that holds the line back."""


def as_json(found: Bottleneck, layout: Layout, reliefs: Sequence[Relief], why: str) -> dict[str, Any]:
    """`why`: why there are no reliefs. Shares are of the time in which the line was active."""
    constraint, first = layout.constraint(found.line), found.first
    return {
        "equipment": found.line,
        "line": layout.machines[found.line].name,
        "limit": found.limit or None,
        "bottleneck": _stage(first) if first else None,
        "declared": constraint.name if constraint else None,
        "declared_is_it": constraint is not None and first is not None and constraint.path in first.paths,
        "without_order": round(found.waiting, 4),
        "machines": [_stage(stage) for stage in found.stages if stage.share >= WORTH_SAYING] if found.limit else [],
        "by_product": _groups(found, found.by_product),
        "by_shift": _groups(found, found.by_shift),
        "relief": [_relief(layout, one) for one in sorted(reliefs, key=lambda one: -one.seconds)],
        "relief_missing": why,
        "coverage": round(found.coverage, 4),
        "missing": list(found.missing),
    }


def _stage(stage: StageShare) -> dict[str, Any]:
    return {
        "machine": stage.name,
        "equipment": list(stage.paths),
        "share": round(stage.share, 4),
        "alone": round(stage.sole, 4),
        "in_turns": round(stage.shifting, 4),
    }


def _groups(found: Bottleneck, groups: Mapping[str, Sequence[float]]) -> list[dict[str, Any]]:
    """For each product or shift the stage that held the line back most."""
    rows = []
    for name, shares in groups.items() if found.limit else ():
        best = max(range(len(shares)), key=shares.__getitem__)
        rows.append({"name": name, "machine": found.stages[best].name, "share": round(shares[best], 4)})
    return rows


def _relief(layout: Layout, one: Relief) -> dict[str, Any]:
    return {
        "machine": layout.machines[one.path].name,
        "equipment": one.path,
        "units": round(one.units, 1),
        "seconds": round(one.seconds, 1),
        "money": round(float(one.money), 2),
    }
