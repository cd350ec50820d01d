"""The quality page: says why it is empty, and what is out of control; the API tells the lots."""

from datetime import timedelta

import numpy as np
from sqlalchemy import select

from mom import clock
from mom.models import InspectionResult, Nonconformance
from mom.quality.watch import open_new


async def fill(web) -> None:
    """Eighty results, the last ten of them two limits lower."""
    draw, now = np.random.default_rng(5), clock.now()
    async with web.store.write.begin() as session:
        for n in range(80):
            value = float(draw.normal(1.25 if n >= 70 else 1.47, 0.04))
            session.add(InspectionResult(
                site_id=web.site_id, source="lims", key=f"LAB-{n}", equipment="line-1/capper", product="A", characteristic="opening torque",
                value=value, unit="Nm", low=1.1, high=1.8, at=now - timedelta(hours=2 * (80 - n)),
            ))  # fmt: skip
        await session.flush()
        await open_new(session, web.site_id, now)


async def test_empty_page_says_why(web):
    page = await (await web.client("operator")).get("/quality")
    assert page.status_code == 200
    for words in ("No chart yet", "A chart is drawn from 20 results", "Nothing was learned yet"):
        assert words in page.text


async def test_out_of_control_is_the_first_line(web):
    await fill(web)
    client = await web.client("quality")
    page = (await client.get("/quality")).text
    assert "Opening torque, Capper: out of control since" in page and "Which lots?" in page and "data-chart" in page
    told = (await client.get("/api/v1/quality")).json()
    assert [chart["in_control"] for chart in told["charts"]] == [False] and told["capability"][0]["n"] == 80
    async with web.store.read() as session:
        number = await session.scalar(select(Nonconformance.id))
    lots = (await client.get(f"/api/v1/nonconformances/{number}/lots")).json()
    assert lots["ref"] == f"nonconformance:{number}" and not lots["over"] and lots["material"] == []
    assert (await client.get("/api/v1/nonconformances/999999/lots")).status_code == 404
