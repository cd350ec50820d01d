"""What a proposal holds, and what is refused before anybody is asked."""

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import pytest
import rfc8785
from sqlalchemy import func, select

from mom.errors import BadInput, NotFound
from mom.models import Event, Loss, Proposal
from mom.proposals.card import card
from mom.proposals.document import sha256_of
from mom.proposals.propose import actions, payload_model, propose


async def test_a_proposal_is_its_bytes(scene, proposed):
    proposal = await proposed()
    shown = json.loads(proposal.document)
    assert proposal.document == rfc8785.dumps(shown)
    assert proposal.sha256 == sha256_of(proposal.document)
    assert shown["cost"]["amount"] == "240.00"  # an hour at 60, two chucks at 90
    assert shown["alternatives"][0]["title"] == "Do nothing"
    assert shown["alternatives"][0]["cost"] == "2940.00"  # 420 in a day's history, a week on
    assert [e["ref"] for e in shown["evidence"]] == [f"stop:{scene.stop_id}", f"loss:{scene.loss_id}"]
    assert "cap jam, Capper 2" in shown["evidence"][0]["text"]
    assert proposal.expires_at == scene.now + timedelta(hours=24)
    assert shown["asked_by"]["name"] == "supervisor"


async def test_the_card_is_read_out_of_the_bytes(scene, proposed):
    proposal = await proposed()
    proposal.title, proposal.payload, proposal.cost = "Nothing to see", {}, 0
    shown = card(proposal)
    assert shown["title"] == "Replace the capper chuck on Capper 2, as soon as possible, 60 min"
    assert (shown["payload"]["part"], shown["cost"]["amount"]) == ("chuck", "240.00")


async def test_the_loss_and_the_listeners_are_told(scene, proposed):
    proposal = await proposed()
    async with scene.store.read() as session:
        assert (await session.get(Loss, scene.loss_id)).status == "proposed"
        event = await session.scalar(select(Event).where(Event.kind == "proposal.created"))
        assert event.subject == f"proposal:{proposal.id}"


async def test_the_same_call_is_the_same_proposal(scene):
    run = uuid4()

    async def once() -> int:
        async with scene.store.write.begin() as session:
            return (await propose(session, **scene.repair(run_id=run, call_id="call_1"))).id

    ids = await asyncio.gather(*(once() for _ in range(5)))
    assert len({*ids, await once()}) == 1
    async with scene.store.read() as session:
        assert await session.scalar(select(func.count()).select_from(Proposal)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"action": "write_plc"}, "action is 'write_plc'"),
        ({"evidence": ["stop:999999"]}, "'stop:999999'"),
        ({"evidence": ["users:1"]}, "'users:1'"),
        ({"evidence": ["stop:1; drop table"]}, "there is no such row"),
        ({"rationale": "  \u202e"}, "rationale is empty"),
        ({"expected_effect": ""}, "expected_effect is empty"),
    ],
)
async def test_what_is_wrong_is_named(scene, changes, words):
    async with scene.store.write() as session:
        with pytest.raises(BadInput, match=words):
            await propose(session, **scene.repair(**changes))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("equipment", "line-2/caper", "Did you mean plant/line-2/capper"),
        ("part", "chuk", "Did you mean chuck"),
        ("minutes", 0, "minutes is 0"),
        ("technician", "Anna Kern", "Near: Ana Kern"),
        ("parts", [{"part": "CH-101"}], "Near: CH-100"),
        ("planned_at", "2020-01-01T00:00:00Z", "that is past"),
        ("planned_at", "2026-09-01T00:00:00", "planned_at"),
        ("register", 7, "register"),
    ],
)
async def test_a_wrong_field_is_named_with_a_remedy(scene, field, value, words):
    payload = {**scene.repair()["payload"], field: value}
    async with scene.store.write() as session:
        with pytest.raises((BadInput, NotFound), match=words):
            await propose(session, **scene.repair(payload=payload))


async def test_another_plants_loss_is_not_there(scene):
    async with scene.store.write() as session:
        with pytest.raises(NotFound):
            await propose(session, **scene.repair(loss_id=scene.loss_id, caller=scene.caller("stranger"), evidence=[]))


async def test_characters_that_nobody_sees_are_not_approved(scene, proposed):
    payload = {**scene.repair()["payload"], "title": "Replace\u202e the\x00 chuck\u200b"}
    proposal = await proposed(payload=payload, rationale="Worn\ud800 out")
    assert proposal.payload["title"] == "Replace the chuck"
    assert json.loads(proposal.document)["rationale"] == "Worn out"


async def test_work_planned_soon_must_be_decided_before(scene, proposed):
    soon = scene.now + timedelta(hours=2)
    proposal = await proposed(payload={**scene.repair()["payload"], "planned_at": soon.isoformat()})
    assert proposal.expires_at == soon


def test_each_action_tells_a_model_what_it_takes():
    assert {"maintenance_order", "schedule_change", "improvement_task"} <= set(actions())
    for name in actions():
        model = payload_model(name)
        assert model.__doc__
        assert model.model_json_schema()["additionalProperties"] is False
