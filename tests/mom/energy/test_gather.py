"""Meters as the store has them: the slots that were told, what drew from them, and what was made."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from mom.energy import gather
from mom.energy.gather import meters_in
from mom.energy.leak import leaks_of
from mom.energy.use import use_of
from mom.facts import Window
from mom.history.derive import derive_touched
from mom.store.plants import layout_of

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
HOURS = 24 * 7


@pytest.fixture
async def metered(make_works: Any) -> Any:
    """A week of a line with a meter: it runs every second hour with 10 kW beside a base of 2 kW, and 3 kW more from the
    fifth day on."""
    works = await make_works()
    readings: list[tuple[Any, ...]] = [("line.product", 0, 1), ("line.order", 0, 4711)]
    total, good = 0.0, 0
    for minute in range(HOURS * 60):
        runs = (minute // 60) % 2 == 0
        total += (2 + 10 * runs + 3 * (minute >= 5 * 1440)) / 60
        good += 30 * runs
        if minute % 60 == 0:
            readings += [(f"{name}.state", 60 * minute, 1 if runs else 6) for name in ("filler", "packer")]
        if minute % 5 == 4:
            readings += [("line.energy", 60 * minute + 59, total), ("filler.good", 60 * minute + 59, good)]
    await works.put(*readings)
    while (await derive_touched(works.store)).touched:
        pass
    return works


async def test_what_a_meter_told_and_what_drew_from_it(metered: Any) -> None:
    window = Window(START, START + timedelta(hours=HOURS))
    async with metered.store.read() as session:
        layout = await layout_of(session, metered.site_id)
        (meter,) = await meters_in(session, layout, window, window.end)
    assert (meter.path, meter.machines) == ("works/line", ("Filler", "Packer"))
    assert np.nanmax(meter.running) == 1 and np.nanmin(meter.running) == 0
    use = use_of(meter)
    assert use is not None and use.coverage == pytest.approx(1, abs=0.01)
    assert use.total.kwh == pytest.approx(HOURS * 7 + 3 * 48, rel=0.01)
    assert use.total.good == pytest.approx(HOURS * 900, rel=0.01)
    assert [part.name for part in use.by_product] == ["A"]
    assert use.idle_share == pytest.approx((HOURS / 2 * 2 + 24 * 3) / (HOURS * 7 + 3 * 48), rel=0.03)
    leaks, missing = leaks_of(meter)
    assert missing == "" and len(leaks) == 1
    assert abs(leaks[0].since - (START + timedelta(days=5))) <= timedelta(hours=3)
    assert leaks[0].rise == pytest.approx(3, rel=0.03) and leaks[0].sure


async def test_a_window_that_is_hardly_metered_tells_nothing_of_use(metered: Any) -> None:
    window = Window(START - timedelta(days=7), START + timedelta(days=1))
    async with metered.store.read() as session:
        layout = await layout_of(session, metered.site_id)
        (meter,) = await meters_in(session, layout, window, START + timedelta(hours=HOURS))
    assert use_of(meter) is None


async def test_a_plant_without_meters_reads_nothing_else(make_works: Any, plant_file: Any, monkeypatch: Any) -> None:
    async def read(*_: object) -> None:
        raise AssertionError("weeks of states were read for no meter")

    (connector,) = plant_file["connectors"]
    tags = [tag for tag in connector["tags"] if tag["meaning"] != "energy"]
    works = await make_works([("connectors", [{**connector, "tags": tags}])])
    monkeypatch.setattr(gather, "states_in", read)
    async with works.store.read() as session:
        layout = await layout_of(session, works.site_id)
        assert await meters_in(session, layout, Window(START - timedelta(days=28), START), START) == []
