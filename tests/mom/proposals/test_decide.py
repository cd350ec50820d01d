"""Who may say yes, to what, and until when."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mom.errors import BadInput, Conflict, NotAllowed, NotFound
from mom.models import AuditEntry, Decision, Event, Execution, Loss, Proposal
from mom.proposals.card import full_card
from mom.proposals.decide import decide
from mom.proposals.edit import edit
from mom.proposals.expire import expire


async def say(scene, proposal, who, *, approve=True, **changes):
    arguments = {
        "approve": approve,
        "sha256": proposal.sha256,
        "caller": scene.caller(who),
        "reason": "",
        "now": scene.now,
    }
    async with scene.store.write.begin() as session:
        return await decide(session, proposal.id, **{**arguments, **changes})


async def test_a_yes_is_on_record_and_waits_for_the_worker(scene, proposed):
    proposal = await proposed()
    await say(scene, proposal, "maintenance")
    async with scene.store.read() as session:
        decision = await session.get(Decision, proposal.id)
        assert (decision.approved, decision.role, decision.sha256) == (True, "maintenance", proposal.sha256)
        assert (await session.get(Execution, proposal.id)).status == "waiting"
        assert (await session.get(Loss, scene.loss_id)).status == "in work"
        acts = list(await session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
        assert acts == ["proposal.created", "proposal.approved"]
        assert await session.scalar(select(func.count()).where(Event.kind == "proposal.decided")) == 1
        shown = await full_card(session, proposal.id, scene.caller("maintenance"))
        assert (shown["status"], shown["decision"]["by"]) == ("approved", "maintenance")


async def test_a_no_needs_a_reason_and_is_the_end(scene, proposed):
    proposal = await proposed()
    with pytest.raises(BadInput, match="reason is empty"):
        await say(scene, proposal, "maintenance", approve=False)
    await say(scene, proposal, "maintenance", approve=False, reason="Was replaced last week")
    with pytest.raises(Conflict, match="already rejected by maintenance"):
        await say(scene, proposal, "supervisor2")
    async with scene.store.read() as session:
        assert await session.get(Execution, proposal.id) is None
        assert (await session.get(Loss, scene.loss_id)).status == "explained"


@pytest.mark.parametrize("who", ["operator", "planner", "quality", "manager"])
async def test_other_roles_may_not(scene, proposed, who):
    proposal = await proposed()
    with pytest.raises(NotAllowed, match="supervisor or maintenance"):
        await say(scene, proposal, who)


async def test_neither_the_worker_nor_another_plant_may(scene, proposed):
    proposal = await proposed()
    with pytest.raises(NotAllowed, match="Only a person"):
        await say(scene, proposal, "worker")
    with pytest.raises(NotFound):
        await say(scene, proposal, "stranger")


async def test_only_what_was_shown(scene, proposed):
    proposal = await proposed()
    with pytest.raises(Conflict, match="no longer what you were shown"):
        await say(scene, proposal, "maintenance", sha256="0" * 64)


async def test_only_in_time(scene, proposed):
    proposal = await proposed()
    with pytest.raises(Conflict, match="expired"):
        await say(scene, proposal, "maintenance", now=proposal.expires_at)
    await say(scene, proposal, "maintenance", now=proposal.expires_at - timedelta(microseconds=1))


@pytest.mark.parametrize(("hours", "alone"), [(300, True), (321, False)])  # EUR 180 parts and 300 or 321 labour
async def test_who_asked_decides_alone_up_to_the_limit(scene, proposed, hours, alone):
    proposal = await proposed(payload={**scene.repair()["payload"], "minutes": hours})
    if alone:
        await say(scene, proposal, "supervisor")
        return
    with pytest.raises(NotAllowed, match="above EUR 500 need a second person"):
        await say(scene, proposal, "supervisor")
    await say(scene, proposal, "supervisor2")


async def test_a_schedule_change_is_never_decided_alone(scene, proposed):
    proposal = await proposed(**scene.moving(("4712", "line-1", 20, 3)))
    with pytest.raises(NotAllowed, match="at any cost need a second person"):
        await say(scene, proposal, "supervisor")
    await say(scene, proposal, "planner")


async def test_who_edited_counts_as_who_asked(scene, proposed):
    proposal = await proposed(caller=scene.caller("worker"))
    async with scene.store.write.begin() as session:
        new = await edit(
            session,
            proposal.id,
            changes={"minutes": 400},
            sha256=proposal.sha256,
            caller=scene.caller("maintenance"),
            now=scene.now,
        )
    assert (new.replaces_id, new.edited_by) == (proposal.id, scene.caller("maintenance").user_id)
    assert (str(new.cost), new.sha256 == proposal.sha256) == ("580.00", False)
    with pytest.raises(Conflict, match="already replaced"):
        await say(scene, proposal, "supervisor")
    with pytest.raises(NotAllowed, match="second person"):
        await say(scene, new, "maintenance")
    await say(scene, new, "supervisor")


@pytest.mark.parametrize(("reason", "words"), [("x" * 2001, "2001 characters"), ("a\x00b", "NUL")])
async def test_why_it_was_edited_is_checked_like_why_it_was_decided(scene, proposed, reason, words):
    proposal = await proposed(caller=scene.caller("worker"))
    named = {"sha256": proposal.sha256, "caller": scene.caller("maintenance"), "now": scene.now}
    async with scene.store.write.begin() as session:
        with pytest.raises(BadInput, match=words):
            await edit(session, proposal.id, changes={"minutes": 400}, reason=reason, **named)


async def test_an_edit_is_checked_like_a_proposal(scene, proposed):
    proposal = await proposed()
    async with scene.store.write() as session:
        for who, changes, error in (
            ("maintenance", {"minutes": -1}, BadInput),
            ("operator", {}, NotAllowed),
            ("stranger", {}, NotFound),
        ):
            with pytest.raises(error):
                await edit(
                    session,
                    proposal.id,
                    changes=changes,
                    sha256=proposal.sha256,
                    caller=scene.caller(who),
                    now=scene.now,
                )
            await session.rollback()


async def test_silence_means_no(scene, proposed):
    proposal = await proposed()
    async with scene.store.write.begin() as session:
        assert await expire(session, scene.now + timedelta(hours=23)) == 0
        assert await expire(session, scene.now + timedelta(hours=24)) == 1
        assert await expire(session, scene.now + timedelta(hours=25)) == 0
    with pytest.raises(Conflict, match="already expired"):
        await say(scene, proposal, "maintenance")


async def test_of_many_clicks_at_once_one_counts(scene, proposed):
    proposal = await proposed()
    outcomes = await asyncio.gather(
        *(
            say(scene, proposal, who, approve=index % 3 > 0, reason="x")
            for index, who in enumerate(["maintenance", "supervisor2"] * 10)
        ),
        return_exceptions=True,
    )
    won = [outcome for outcome in outcomes if isinstance(outcome, Decision)]
    assert len(won) == 1
    assert all(isinstance(outcome, Conflict) for outcome in outcomes if outcome is not won[0])
    async with scene.store.read() as session:
        assert await session.scalar(select(func.count()).select_from(Decision)) == 1
        wanted = "approved" if won[0].approved else "rejected"
        assert await session.scalar(select(Proposal.status)) == wanted
