"""How a line is now: its machines, its order, its shift; and its figures, which are those of the KPIs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mom.board import lines_now
from mom.history.derive import derive_touched
from mom.kpis.board import kpis

NOW = datetime(2026, 3, 2, 6, 25, tzinfo=UTC)


@pytest.mark.parametrize("constraint", ["filler", None])
async def test_a_line_is_shown_with_the_figures_of_its_kpis(
    make_works: Any, plant_file: dict[str, Any], constraint: str | None
) -> None:
    line, *others = plant_file["equipment"]
    works = await make_works([("equipment", [line | {"constraint": constraint}, *others])])
    await works.put(("line.order", -3600, 4711), ("line.product", -3600, 1))
    for name, stands, every in (("filler", 900, 1), ("packer", 1200, 2)):
        await works.put((f"{name}.state", -3600, 1), (f"{name}.state", stands, 2), (f"{name}.scrap", -3600, 0))
        await works.put(
            *[(f"{name}.good", at, (at + 3600) // every) for at in range(-3600, stands, 30)], (f"{name}.scrap", 600, 9)
        )
    await derive_touched(works.store)
    async with works.store.read() as session:
        (shown,) = await lines_now(session, works.site_id, NOW)
        told = {figure.name: figure.value for figure in await kpis(session, shown.machine.path, shown.window, NOW)}
    assert (shown.window.start, shown.window.end) == (NOW - timedelta(minutes=85), NOW)
    assert shown.shift is not None and shown.order is not None
    assert (shown.shift.name, shown.order.number, shown.order.product_name) == ("early", "4711", "Product A")
    assert [m.stop is not None for m in shown.machines] == [True, True]
    assert (shown.constraint.machine.name if shown.constraint else None) == ("Filler" if constraint else None)
    for name in ("oee", "availability", "effectiveness", "quality_ratio", "good", "scrap"):
        assert told[name] is not None
        assert shown.figures[name].value == pytest.approx(told[name], abs=1e-9), name
