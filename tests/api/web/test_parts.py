"""Parts of a page that come after it: a loss's causes, what holds a line back."""

from datetime import timedelta

from sqlalchemy import select

from mom import clock
from mom.models import Equipment, Loss, Reading, SignalMean, StateInterval, Tag


async def test_what_holds_a_line_back_is_told_or_why_it_cannot_be(web):
    client = await web.client("operator")
    said = await client.get("/parts/bottleneck", params={"line": "works/line-1"})
    assert said.status_code == 200
    assert "Last 24 hours:" in said.text and "I cannot tell what held it back" in said.text
    assert "/data/rows/states?" in said.text
    for name, status in (("works/line-1/filler", 404), ("works/line-9", 404)):
        assert (await client.get("/parts/bottleneck", params={"line": name})).status_code == status


async def test_a_losss_page_is_there_before_its_causes(web):
    now = clock.now()
    async with web.store.write.begin() as session:
        filler = await session.scalar(select(Equipment.id).where(Equipment.code == "filler"))
        here = {"site_id": web.site_id, "equipment_id": filler, "started_at": now - timedelta(hours=1)}
        session.add(StateInterval(**here, state="Held", detail="", mode=""))
        loss = Loss(**here, rule="stop", kind="breakdown", key="k", title="Filler: drive", ended_at=now, found_at=now, updated_at=now,
                    seconds=3600, units=10, figures={})  # fmt: skip
        session.add(loss)
        await session.flush()
        number = loss.id
    client = await web.client("operator")
    page = (await client.get(f"/losses/{number}")).text
    assert "Filler: drive" in page and f'data-later="/parts/losses/{number}/why"' in page
    assert page.count(f'data-row="loss:{number}"') == 3  # time, pieces, cost
    why = await client.get(f"/parts/losses/{number}/why")
    assert why.status_code == 200 and "Insufficient evidence" in why.text
    assert (await client.get("/parts/losses/999999/why")).status_code == 404


async def test_a_signal_that_evidence_names_opens_its_course_around_the_loss(web):
    now = clock.now()
    async with web.store.write.begin() as session:
        filler = await session.scalar(select(Equipment.id).where(Equipment.code == "filler"))
        tag = Tag(
            site_id=web.site_id,
            equipment_id=filler,
            connector="plc",
            name="F.torque",
            meaning="signal",
            title="torque",
            unit="Nm",
        )
        here = {"site_id": web.site_id, "equipment_id": filler}
        found = {"found_at": now, "updated_at": now, "seconds": 60, "units": 1, "figures": {}}
        loss = Loss(
            **here,
            **found,
            rule="stop",
            kind="breakdown",
            key="t",
            title="Drive",
            started_at=now - timedelta(hours=10),
            ended_at=now,
        )
        session.add_all([tag, loss])
        await session.flush()
        for n in range(240):  # 20 hours: 2 Nm, and 1 Nm from the loss on
            at = now - timedelta(hours=20) + timedelta(minutes=5 * n)
            mean = 2.0 if at < loss.started_at else 1.0
            more = {"low": mean, "high": mean, "first": mean, "last": mean, "running_n": 0}
            session.add(SignalMean(tag_id=tag.id, at=at, n=5, mean=mean, **more))
        number = loss.id
    client = await web.client("operator")
    course = (await client.get("/parts/signals/F.torque", params={"loss": number})).text
    assert (
        "torque," in course and "Before the loss began (dashed line) 2" in course and "while it lasted 1 Nm" in course
    )
    row = (await client.get("/api/v1/rows/signal:F.torque")).json()
    assert row["ref"] == "signal:F.torque"  # what a row is called opens it again
    assert (await client.get("/parts/signals/F.nothing")).status_code == 404


async def test_a_set_point_stood_where_its_last_good_reading_says_and_words_have_no_course(web):
    now = clock.now()
    async with web.store.write.begin() as session:
        filler = await session.scalar(select(Equipment.id).where(Equipment.code == "filler"))
        here = {"site_id": web.site_id, "equipment_id": filler, "connector": "plc", "meaning": "signal"}
        speed, said = Tag(**here, name="F.set_speed"), Tag(**here, name="F.recipe", config={"type": "text"})
        session.add_all([speed, said])
        await session.flush()
        for hours, number, status in ((9 * 24, 60.0, 0), (8 * 24, 0.0, 0x80000000)):
            at = now - timedelta(hours=hours)
            session.add(Reading(tag_id=speed.id, at=at, received_at=at, number=number, status=status))
        session.add(Reading(tag_id=said.id, at=now - timedelta(hours=1), received_at=now, text="cola"))
        await session.flush()
    client = await web.client("operator")
    assert "1 readings" in (await client.get("/parts/signals/F.set_speed")).text
    course = (await client.get("/parts/signals/F.recipe")).text
    assert "It tells words" in course and "told nothing" not in course
