"""Corrections over HTTP: made, seen in the list, withdrawn, refused by field."""

from datetime import timedelta

from mom import clock
from mom.models import Equipment


async def test_a_stretch_is_corrected_listed_and_taken_back(web):
    client = await web.client("supervisor")
    async with web.store.read() as session:
        from sqlalchemy import select

        machine = await session.scalar(select(Equipment).where(Equipment.level == "work_unit").limit(1))
    now = clock.now()
    start, end = now - timedelta(hours=2), now - timedelta(hours=1)
    body = {"kind": "time_class", "value": {"class": "starved"}, "why": "no bottles", "equipment": machine.path}
    body |= {"from": start.isoformat(), "to": end.isoformat()}
    made = await client.post("/api/v1/corrections", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["said"] == {"class": "starved"}
    listed = (await client.get("/api/v1/corrections", params={"equipment": machine.path})).json()
    assert [row["id"] for row in listed] == [made.json()["id"]]
    back = await client.post(f"/api/v1/corrections/{made.json()['id']}/withdraw", json={"why": "it was the other line"})
    assert (back.status_code, back.json()["withdrawn_why"]) == (200, "it was the other line")
    again = await client.post(f"/api/v1/corrections/{made.json()['id']}/withdraw", json={"why": "again"})
    assert again.status_code == 409
    bad = await client.post("/api/v1/corrections", json=body | {"value": {"class": "lazy"}})
    assert bad.status_code == 422
    assert "class is 'lazy'" in bad.text


async def test_kpis_of_a_product_that_is_not_there_names_those_that_are(web):
    client = await web.client("supervisor")
    async with web.store.read() as session:
        from sqlalchemy import select

        line = await session.scalar(select(Equipment).where(Equipment.level == "work_center").limit(1))
    answer = await client.get("/api/v1/kpis", params={"equipment": line.path, "product": "moon water"})
    assert answer.status_code == 404
    assert "There is no product 'moon water'" in answer.text
