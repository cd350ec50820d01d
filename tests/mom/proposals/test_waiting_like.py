"""The same work is not put before a person twice."""

from datetime import timedelta

from mom.proposals.propose import propose, waiting_like

ORDER = {"title": "Replace the chuck", "equipment": "line-2/capper", "part": "chuck"}


async def test_the_same_part_of_the_same_machine_waits_already(scene):
    caller, later = scene.callers["supervisor"], scene.now + timedelta(minutes=5)
    async with scene.store.write.begin() as session:
        made = await propose(
            session, caller=caller, agent="triage", action="maintenance_order", payload=ORDER, rationale="It wears.",
            expected_effect="No more jams.", now=scene.now,
        )  # fmt: skip

        async def like(**changes: str | None) -> int | None:
            found = await waiting_like(session, caller, "maintenance_order", ORDER | changes, later)
            return found.id if found else None

        assert await like() == made.id
        assert await like(title="Check the chuck", equipment="plant/line-2/capper") == made.id
        assert await like(part="head drive") is None
        assert await like(equipment="line-1") is None
        assert await like(part=None) is None
        assert await waiting_like(session, caller, "maintenance_order", ORDER, scene.now + timedelta(days=9)) is None
