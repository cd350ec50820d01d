"""What an action refuses before anybody is asked, and what it reckons."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from mom.errors import BadInput
from mom.models import ProductionOrder, SparePart
from mom.proposals.propose import propose


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ([("9999", "line-1", 20, 3)], "order is '9999': there is no such order"),
        ([("4712", "line-9", 20, 3)], "no equipment 'line-9'"),
        ([("4712", "line-1", -1, 3)], "is past"),
        ([("4712", "line-1", 20, -3)], "is not after starts_at"),
        ([("4712", "line-1", 20, 3), ("4712", "line-2", 30, 3)], "stands in moves twice"),
        ([("4712", "line-2", 5, 3)], "order 4712 overlaps order 4711 on Line 2"),
        ([("4711", "line-1", 20, 3), ("4712", "line-1", 22, 3)], "overlaps order"),
        ([], "moves"),
    ],
)
async def test_a_schedule_that_cannot_be_is_refused(scene, moves, words):
    arguments = scene.repair(**scene.moving(*moves))
    async with scene.store.write() as session:
        with pytest.raises(Exception, match=words) as raised:
            await propose(session, **arguments)
        assert raised.value.status in (404, 422)


async def test_orders_may_change_places(scene, proposed):
    proposal = await proposed(**scene.moving(("4712", "line-2", 4, 3), ("4711", "line-2", 10, 3)))
    assert proposal.expires_at == scene.now + timedelta(hours=4), "after that it would come too late"
    shown = json.loads(proposal.document)["shown"]
    assert [row["label"] for row in shown] == ["Why", "Order 4712", "Order 4711"]
    assert float(proposal.cost) == pytest.approx(5 / 24 * 400, abs=0.01)  # 4711 is due at 8 h and ends at 13


async def test_an_order_that_has_begun_stays(scene):
    async with scene.store.write.begin() as session:
        (await session.scalar(select(ProductionOrder).where(ProductionOrder.key == "4712"))).status = "running"
        arguments = scene.repair(**scene.moving(("4712", "line-1", 20, 3)))
        with pytest.raises(BadInput, match="4712 is running"):
            await propose(session, **arguments)


async def test_a_repair_costs_labour_parts_and_the_standing_line(scene, proposed):
    async with scene.store.write.begin() as session:
        session.add(SparePart(site_id=scene.site_id, source="wms", key="X-1", name="Seal", on_hand=0, lead_days=5))
    parts = [{"part": "CH-100", "quantity": 2}, {"part": "X-1"}]
    proposal = await proposed(payload={**scene.repair()["payload"], "line_stands_minutes": 20, "parts": parts})
    document = json.loads(proposal.document)
    assert [(line["label"], line["amount"]) for line in document["cost"]["lines"]] == [
        ("Labour, 60 min", "60.00"),
        ("2 x Chuck", "180.00"),
        ("1 x Seal, price not known", "0.00"),
        ("Line stands, 20 min", "90.00"),
    ]
    assert document["cost"]["amount"] == "330.00"
    assert "0 in stock, delivery takes 5 days" in json.dumps(document["shown"])


@pytest.mark.parametrize(
    ("changes", "loss", "words"),
    [
        ({"due_on": "2020-01-01"}, True, "due_on is 2020-01-01"),
        ({"due_on": "2036-01-01"}, True, "within a year"),
        ({"owner": " "}, True, "owner"),
        ({"target": -1}, True, "target is -1"),
        ({}, False, "loss_id is missing"),
    ],
)
async def test_a_task_that_cannot_be_checked_is_refused(scene, changes, loss, words):
    due = (scene.now + timedelta(days=3)).date()
    payload = {"title": "Check torque", "countermeasure": "A card", "owner": "max", "due_on": str(due), **changes}
    arguments = scene.repair(action="improvement_task", payload=payload, loss_id=scene.loss_id if loss else None)
    async with scene.store.write() as session:
        with pytest.raises(BadInput, match=words):
            await propose(session, **arguments)
