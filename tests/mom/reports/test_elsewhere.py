"""A shift report of one line in the demo plant: what works for every line is in it, what is another line's is not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mom.causes.explain import explain
from mom.energy.meter import MeterFacts
from mom.errors import NotFound
from mom.facts import Window
from mom.history.keep_up import keep_up
from mom.plant.apply import apply_plant
from mom.plant.load import load_plant
from mom.plant.schema import Plant
from mom.reports import shift_conditions, shift_energy
from mom.reports.shift_why import causes_of
from mom.settings import ROOT
from mom.store.plants import Layout, layout_of

START = datetime(2026, 11, 2, tzinfo=UTC)
STUB: Any = None  # no store: what is read from it stands in for it
DAY = Window(START + timedelta(days=9), START + timedelta(days=10))


@pytest.fixture
async def demo(database: Any) -> Layout:
    async with database.write() as session:
        applied = await apply_plant(session, load_plant(ROOT / "plant.yaml"))
        await session.commit()
    async with database.read() as session:
        return await layout_of(session, applied.site_id)


def meter(path: str) -> MeterFacts:
    """Ten days at 1 kWh a slot, the last of them at 1.25."""
    count = 10 * 288
    at = int(START.timestamp() * 1e6) + 300_000_000 * np.arange(count, dtype=np.int64)
    used = np.where(np.arange(count) >= count - 288, 1.25, 1.0)
    return MeterFacts(
        path, path, "energy", Window(START, DAY.end), "EUR", Decimal("0.20"), at, used, ("Filler",),
        np.ones((count, 1)), np.full(count, 50.0), ("cola",) * count, ("early",) * count,
    )  # fmt: skip


async def test_the_meter_of_what_works_for_every_line_is_told_and_another_lines_is_not(
    demo: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ("line-1", "line-2/filler", "palletiser", "utilities/compressor")

    async def meters(*_: object) -> list[MeterFacts]:
        return [meter(f"springfield/{path}") for path in paths]

    monkeypatch.setattr(shift_energy, "meters_in", meters)
    said = await shift_energy.energy_in(STUB, demo, ["springfield/line-1"], DAY, DAY.end)
    told = {path for path in paths if any(text.startswith(f"springfield/{path} took") for text in said)}
    assert told == {"line-1", "palletiser", "utilities/compressor"}


async def test_conditions_of_what_works_for_every_line_are_told_and_another_lines_are_not(
    demo: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ("line-1/filler", "line-2/filler", "palletiser", "utilities/compressor")

    async def conditions(*_: object) -> list[Any]:
        lasting = {"started_at": DAY.start, "ended_at": None, "figures": {}, "symptom_of": None}
        return [(SimpleNamespace(title=path, **lasting), SimpleNamespace(path=f"springfield/{path}")) for path in paths]

    monkeypatch.setattr(shift_conditions, "conditions_in", conditions)
    said = await shift_conditions.conditions_of(STUB, demo, ["springfield/line-1"], DAY, DAY.end)
    assert [text.partition(",")[0] for text in said] == ["line-1/filler", "palletiser", "utilities/compressor"]


async def test_a_loss_of_a_machine_that_was_retired_since_leaves_the_report_standing(
    works: Any, plant_file: dict[str, Any]
) -> None:
    await works.put(("filler.state", 0, 1), ("packer.state", 0, 1), ("packer.state", 600, 3), ("packer.alarm", 600, 7))
    now = datetime(2026, 3, 2, 6, tzinfo=UTC) + timedelta(seconds=700)
    await keep_up(works.store, now)
    line, press = plant_file["equipment"]
    (connector,) = plant_file["connectors"]
    less = {
        **plant_file,
        "equipment": [{**line, "units": line["units"][:1]}, press],
        "connectors": [{**connector, "tags": [t for t in connector["tags"] if t["equipment"] != "line/packer"]}],
    }
    async with works.store.write() as session:
        await apply_plant(session, Plant.model_validate(less))
        await session.commit()
    async with works.store.read() as session:
        with pytest.raises(NotFound, match="Packer of loss 1 is no longer in the plant file"):
            await explain(session, 1, now)
        assert await causes_of(session, [1], now) == {}
