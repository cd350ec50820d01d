"""The store asked over HTTP: the same words as the command, the same answer again from the address that it names."""

from datetime import timedelta

from sqlalchemy import select

from mom import clock
from mom.models import Equipment, Stop

EQUIPMENT = select(Equipment.code, Equipment.id)


async def test_an_answer_names_the_address_that_gives_it_again(web):
    now = clock.now().replace(microsecond=0)
    async with web.store.write.begin() as session:
        ids = dict((await session.execute(EQUIPMENT)).all())
        for minutes, code in ((50, "filler"), (30, "filler"), (20, "capper")):
            began = now - timedelta(minutes=minutes)
            session.add(Stop(site_id=web.site_id, equipment_id=ids[code], state="Held", reason="jam", started_at=began,
                             ended_at=began + timedelta(minutes=5)))  # fmt: skip
    client = await web.client("operator")
    words = [("by", "machine"), ("measure", "stops,seconds"), ("where", "reason=jam"), ("where", "reason=door")]
    for window in ([], [("from", (now - timedelta(minutes=40)).isoformat())]):
        first = await client.get("/api/v1/query/stops", params=[*words, *window])
        assert first.status_code == 200
        told = first.json()
        assert {row["machine"]: row["seconds"] for row in told["rows"]} == {
            "works/line-1/filler": 300 if window else 600,
            "works/line-1/capper": 300,
        }
        again = await client.get(told["source"]["query"])
        assert again.json() == told


async def test_wrong_questions_are_refused_in_words(web):
    client = await web.client("operator")
    for address in ("query/stop", "query/stops?by=colour", "query/stops?where=jam", "query/stops?from=yesterday"):
        answer = await client.get(f"/api/v1/{address}")
        assert answer.status_code in (404, 422)
        assert answer.json()["detail"]


async def test_a_time_without_a_zone_is_the_plants(web):
    client = await web.client("operator")
    told = (await client.get("/api/v1/query/stops", params={"from": "2026-03-02T06:00", "as_of": "2026-03-02"})).json()
    assert told["from"] == "2026-03-02T06:00:00+01:00"
    assert told["as_of"] == "2026-03-02T00:00:00+01:00"
