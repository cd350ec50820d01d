"""What was approved is done once, told to who owns it, and nothing else ever is."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from mom import audit, switches
from mom.models import Equipment, Execution, ImprovementTask, Letter, MaintenanceOrder, Proposal, ScheduleEntry
from mom.proposals.carry_out import MOST_ATTEMPTS, carry_out
from mom.proposals.claim import LEASE, claim
from mom.proposals.decide import decide


async def approve(scene, proposal, who="maintenance"):
    async with scene.store.write.begin() as session:
        await decide(
            session, proposal.id, approve=True, sha256=proposal.sha256, caller=scene.caller(who), now=scene.now
        )


async def work(scene, now=None, worker="w1"):
    """What the worker does: claim, then carry out."""
    async with scene.store.write.begin() as session:
        claimed = await claim(session, worker, now or scene.now)
    if claimed is None:
        return None
    async with scene.store.write.begin() as session:
        return await carry_out(session, claimed, now or scene.now)


async def count(scene, model):
    async with scene.store.write() as session:
        return await session.scalar(select(func.count()).select_from(model))


async def test_a_repair_is_ordered_once_and_the_cmms_is_told(scene, proposed):
    proposal = await proposed()
    assert await work(scene) is None
    await approve(scene, proposal)
    outcome = await work(scene)
    assert outcome.done
    assert await work(scene) is None
    async with scene.store.write() as session:
        order = await session.scalar(select(MaintenanceOrder))
        assert (order.source, order.key) == ("cmms", f"lineside-proposal-{proposal.id}")
        assert (order.equipment, order.part, order.proposal_id) == ("plant/line-2/capper", "chuck", proposal.id)
        letter = await session.scalar(select(Letter))
        assert (letter.channel, letter.to, letter.id) == ("webhook", "system:cmms", outcome.told)
        told = json.loads(letter.body)
        assert (told["type"], told["data"]["key"]) == ("maintenance_order.approved", order.key)
        assert (await session.get(Proposal, proposal.id)).status == "done"
        assert await audit.verify(session) == []


async def test_many_workers_do_it_once(scene, proposed):
    proposals = [await proposed() for _ in range(4)]
    for proposal in proposals:
        await approve(scene, proposal)
    outcomes = await asyncio.gather(*(work(scene, worker=f"w{n}") for n in range(10)))
    assert sum(outcome is not None for outcome in outcomes) == 4
    assert await count(scene, MaintenanceOrder) == await count(scene, Letter) == 4


async def test_an_overtaken_worker_changes_nothing(scene, proposed):
    await approve(scene, await proposed())
    async with scene.store.write.begin() as session:
        slow = await claim(session, "slow", scene.now)
    assert await work(scene) is None, "the lease holds"
    assert (await work(scene, scene.now + LEASE + timedelta(seconds=1))).done
    async with scene.store.write.begin() as session:
        assert await carry_out(session, slow, scene.now) is None
    assert await count(scene, MaintenanceOrder) == 1


async def test_a_dead_workers_attempts_are_counted_and_end(scene, proposed):
    await approve(scene, await proposed())
    for attempt in range(MOST_ATTEMPTS):
        async with scene.store.write.begin() as session:
            assert await claim(session, "dying", scene.now + attempt * 2 * LEASE) is not None
    outcome = await work(scene, scene.now + 100 * LEASE)
    assert not outcome.done
    assert "Given up" in outcome.words
    assert await count(scene, MaintenanceOrder) == 0


async def test_an_action_that_refuses_ends_as_failed_with_its_words(scene, proposed):
    proposal = await proposed()
    await approve(scene, proposal)
    async with scene.store.write.begin() as session:
        (await session.scalar(select(Equipment).where(Equipment.code == "capper"))).active = False
    outcome = await work(scene)
    assert not outcome.done
    assert "no equipment" in outcome.words
    async with scene.store.write() as session:
        assert (await session.get(Execution, proposal.id)).status == "failed"
        assert await count(scene, Letter) == 0


async def test_the_switch_stops_actions_and_nothing_is_lost(scene, proposed):
    await approve(scene, await proposed())
    async with scene.store.write.begin() as session:
        claimed = await claim(session, "w1", scene.now)
        await switches.throw(session, switches.AGENTS, on=False, caller=scene.caller("manager"), now=scene.now)
    async with scene.store.write.begin() as session:
        assert await carry_out(session, claimed, scene.now) is None
    assert await work(scene) is None
    async with scene.store.write.begin() as session:
        await switches.throw(session, switches.AGENTS, on=True, caller=scene.caller("manager"), now=scene.now)
    assert (await work(scene)).done


async def test_a_schedule_change_supersedes_and_the_erp_is_told(scene, proposed):
    start = scene.now + timedelta(hours=20)
    proposal = await proposed(**scene.moving(("4712", "line-1", 20, 3)))
    assert json.loads(proposal.document)["alternatives"][0]["cost"] is None
    assert proposal.cost == pytest.approx(9 / 24 * 400)  # due at 14 h, done at 23 h
    await approve(scene, proposal, "planner")
    assert (await work(scene)).done
    async with scene.store.write() as session:
        entry = await session.scalar(
            select(ScheduleEntry).where(ScheduleEntry.order == "4712", ScheduleEntry.superseded_at.is_(None))
        )
        assert (entry.plan, entry.starts_at) == (f"proposal:{proposal.id}", start)
        assert (await session.scalar(select(Letter))).to == "system:erp"


async def test_a_schedule_that_changed_meanwhile_is_left_alone(scene, proposed):
    twin = [await proposed(**scene.moving(("4712", "line-1", 20, 3))) for _ in range(2)]
    for proposal in twin:
        await approve(scene, proposal, "planner")
    first, second = await work(scene), await work(scene)
    assert (first.done, second.done) == (True, False)
    assert "has changed since" in second.words


async def test_a_time_that_has_come_while_the_agents_were_off_is_not_carried_out(scene, proposed):
    start = scene.now + timedelta(hours=5)
    moved = await proposed(**scene.moving(("4712", "line-1", 5, 3)))
    repair = await proposed(payload={**scene.repair()["payload"], "planned_at": start.isoformat()})
    await approve(scene, moved, "planner")
    await approve(scene, repair)
    outcomes = [await work(scene, scene.now + timedelta(days=2)) for _ in range(2)]
    assert [outcome.done for outcome in outcomes] == [False, False]
    assert all(start.isoformat(timespec="minutes")[:16] in o.words and "past" in o.words for o in outcomes)
    assert await count(scene, MaintenanceOrder) == await count(scene, Letter) == 0


async def test_a_task_is_opened_as_approved(scene, proposed):
    due = (scene.now + timedelta(days=3)).date()
    payload = {
        "title": "Check the chuck's torque each shift",
        "countermeasure": "Torque card at the capper",
        "owner": "maintenance",
        "due_on": str(due),
        "target": 10,
    }
    proposal = await proposed(action="improvement_task", payload=payload)
    await approve(scene, proposal, "manager")
    assert (await work(scene)).done
    async with scene.store.write() as session:
        task = await session.scalar(select(ImprovementTask))
        assert (task.measure, task.reason, task.unit) == ("stop.seconds", "cap jam", "min/day")
        assert (task.check_on, task.loss_id) == (due + timedelta(days=14), scene.loss_id)
        assert await count(scene, Letter) == 0


async def test_a_decision_that_nobody_made_is_not_carried_out(scene, proposed):
    proposal = await proposed()
    async with scene.store.write.begin() as session:
        await session.execute(text("UPDATE proposals SET status = 'approved'"))
        values = {
            "p": proposal.id,
            "s": scene.site_id,
            "u": scene.caller("maintenance").user_id,
            "h": proposal.sha256,
            "n": scene.now,
        }
        await session.execute(
            text("INSERT INTO decisions VALUES (:p, :s, true, :u, 'maintenance', '', :h, :n)"), values
        )
        await session.execute(
            text("INSERT INTO executions (proposal_id, site_id) VALUES (:p, :s)"),
            {"p": proposal.id, "s": scene.site_id},
        )
    outcome = await work(scene)
    assert not outcome.done
    assert "not on record" in outcome.words
