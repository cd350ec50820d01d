"""A new loss is explained and, where the evidence carries it, an action proposed: once, however often it is called."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from agents.triage import triage
from mom.causes.cause import Candidate, Diagnosis, Evidence
from mom.errors import NotFound
from mom.models import AgentRun, Equipment, Event, Loss, Proposal, Stop


@pytest.fixture
async def loss(asking, now):
    """A stop of the filler, and the loss that it is."""
    begun = now - timedelta(minutes=20)
    async with asking.store.write.begin() as session:
        machine = (await session.scalars(select(Equipment).where(Equipment.code == "filler"))).one()
        where = {"site_id": asking.caller.site_id, "equipment_id": machine.id, "started_at": begun}
        stop = Stop(**where, state="Held", reason="fill valve fault")
        session.add(stop)
        await session.flush()
        told = {
            "rule": "stop",
            "kind": "breakdown",
            "key": "k",
            "title": "Filler 1: fill valve fault",
            "reason": "fill valve fault",
        }
        found = Loss(
            **where, **told, found_at=now, updated_at=now, seconds=1200, units=500, evidence=[f"stop:{stop.id}"]
        )
        session.add(found)
        await session.flush()
        return found.id, stop.id


def diagnosed(monkeypatch, loss_id: int, *candidates: Candidate) -> None:
    async def explain(session, number, now):
        return Diagnosis(
            number,
            "Filler 1: fill valve fault",
            bool(candidates),
            "The data do not show it.",
            candidates,
            "Look at the valve.",
        )

    monkeypatch.setattr("tools.losses.explain", explain)


async def kept(asking):
    async with asking.store.read() as session:
        proposals = list(await session.scalars(select(Proposal)))
        events = await session.scalar(select(func.count()).select_from(Event).where(Event.kind == "loss.explained"))
        loss = (await session.scalars(select(Loss))).one()
        runs = await session.scalar(select(func.count()).select_from(AgentRun))
    return proposals, events, loss, runs


async def test_sufficient_evidence_becomes_one_proposal(asking, loss, monkeypatch, now):
    loss_id, stop_id = loss
    shown = Evidence(
        "the valve did not close 9 times in the hour before", (f"stop:{stop_id}", "signal:L1.filler.level")
    )
    cause = Candidate(
        "first_alarm", "fill valve 7 does not close", "works/line-1/filler", 0.8, (shown,), part="fill valves"
    )
    diagnosed(monkeypatch, loss_id, cause)
    for _ in range(2):
        await triage(asking.store, loss_id, asking.settings, now)
    proposals, events, found, runs = await kept(asking)
    assert [p.action for p in proposals] == ["maintenance_order"]
    assert proposals[0].loss_id == loss_id
    assert proposals[0].payload["part"] == "fill valves"
    assert (events, runs) == (1, 1)
    assert found.status == "proposed"
    assert "fill valve 7 does not close" in found.causes["text"]


async def test_insufficient_evidence_is_an_answer_and_no_proposal(asking, loss, monkeypatch, now):
    diagnosed(monkeypatch, loss[0])
    await triage(asking.store, loss[0], asking.settings, now)
    proposals, events, found, _ = await kept(asking)
    assert (proposals, events, found.status) == ([], 1, "explained")
    assert "Measure next: Look at the valve." in found.causes["text"]


async def test_a_superseded_loss_is_left_alone_and_an_unknown_one_refused(asking, loss, now):
    async with asking.store.write.begin() as session:
        (await session.get_one(Loss, loss[0])).superseded_at = now
    assert await triage(asking.store, loss[0], asking.settings, now) is None
    with pytest.raises(NotFound):
        await triage(asking.store, 999, asking.settings, now)
