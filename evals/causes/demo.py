"""Losses of the demo's plant (of building seeds) with the cause that its maker knows; ordinary ones have none to find."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from evals.causes.weighing import Case
from evals.plant import NOW, build
from mom.causes.cause import Candidate
from mom.causes.explain import candidates
from mom.causes.gather import gather
from mom.database.access import open_store
from mom.models import Equipment, Loss
from mom.records.written import load_records
from mom.settings import Settings

CAUSES: Mapping[str, tuple[str, str, str, tuple[str, ...]]] = {
    "air_leak": ("packer", "air", "surroundings", ()),
    "capper_chuck": ("line-2/capper", "jam torque overload", "signal_drift", ("torque",)),
    "filler_slow": ("line-1/filler", "slower", "after_maintenance", ()),
    "format_part": ("line-2/filler", "ICT-100", "product", ("ICT-100",)),
    "label_lot": ("line-1/labeller", "label", "material_lot", ("LB-7741",)),
    "late_supplier": ("line-1/capper", "caps delivered", "late_delivery", ()),
    "lying_sensor": ("line-2/filler", "underfilled", "lying_sensor", ()),
    "untrained_operator": ("line-2/labeller", "label", "crew", ("C",)),
}
"""By trouble: where its losses are, words of their reasons, the kind of evidence that is right, and what it names."""
MOST = 120
DAYS = 26.0


async def demo_cases(settings: Settings, folder: Path, seed: int) -> list[Case]:
    """The dearest losses of one demo plant, each with its candidates."""
    async with open_store(settings) as store:
        built = await build(store, settings, load_records, folder / "spool", days=DAYS, seed=seed)
        async with store.read() as session:
            rows = await session.execute(
                select(Loss, Equipment.path)
                .join(Equipment, Equipment.id == Loss.equipment_id)
                .where(Loss.superseded_at.is_(None))
                .order_by(Loss.money.desc().nulls_last())
                .limit(MOST)
            )
            found = []
            for loss, path in rows.all():
                seen = tuple(candidates(await gather(session, loss.id, NOW)))
                found.append(Case(f"demo {seed}", seen, right_in_demo(built.truth, loss, path, seen)))
    return found


def right_in_demo(
    truth: Sequence[Mapping[str, Any]], loss: Loss, path: str, found: Sequence[Candidate]
) -> tuple[bool, ...]:
    """Which candidates name the trouble behind the loss; none where no trouble is."""
    there = [CAUSES[str(t["trouble"])] for t in truth if t["trouble"] in CAUSES and _tells(t, loss, path)]
    return tuple(
        any(
            c.kind == kind and (not things or any(thing in c.thing for thing in things)) for _, _, kind, things in there
        )
        for c in found
    )


def _tells(truth: Mapping[str, Any], loss: Loss, path: str) -> bool:
    where, words, _, _ = CAUSES[str(truth["trouble"])]
    start: datetime = truth["from"] - timedelta(hours=8)
    end: datetime = (truth["to"] or NOW) + timedelta(hours=8)
    said = any(word in f"{loss.reason} {loss.title} {loss.figures.get('to', '')}" for word in words.split())
    return where in path and said and loss.started_at < end and (loss.ended_at or NOW) > start
