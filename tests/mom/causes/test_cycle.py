"""A press whose gate no longer answers: its stored readings say so, and the explanation names the sensor."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from connectors.past import load_past
from mom.causes.cycles_before import ranked
from mom.causes.explain import explain
from mom.cycles.oddity import Oddity
from mom.cycles.recording import recorded
from mom.cycles.stored import learned_before, trouble_at
from mom.cycles.suspects import Trouble
from mom.facts import Window
from mom.history.derive import derive_touched
from mom.losses.find import find_losses
from mom.models import Equipment, Loss, Site
from mom.plant.schema import Plant

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
SEED = 41
FAILS = 3000.0


def tag(id: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": name, "address": "ns=2;s=" + id, "type": "bool", "equipment": "press", **more}


def plant(**more: Any) -> Plant:
    stuck = tag("stuck", "gate alarm", meaning="alarm", stops=True, texts={1: "gate did not open"})
    tags = [tag("open", "gate to open"), tag("is_open", "gate open"), tag("lamp", "lamp"), stuck]
    return Plant.model_validate(
        {
            "site": {"id": "cycles", "name": "Cycles"},
            "minor_stop": "5s",
            "calendar": {"shifts": [{"name": "all", "start": "00:00", "end": "12:00"}]},
            "equipment": [{"id": "press", "name": "Press", "level": "work_unit"}],
            "connectors": [{"id": "plc", "protocol": "opcua", "tags": tags}],
            **more,
        }
    )


def readings() -> list[tuple[str, float, bool]]:
    """An hour of cycles of 30 s; in the last the gate is told to open and does not, and the alarm stops the press."""
    rng = random.Random(SEED)
    rows = [(name, 0.0, False) for name in ("open", "is_open", "lamp", "stuck")]
    for cycle in range(int(FAILS / 30)):
        at = 10.0 + 30.0 * cycle
        rows += [("open", at, True), ("open", at + 12, False)]
        rows += [("is_open", at + 0.9 + rng.uniform(-0.1, 0.1), True), ("is_open", at + 12.8, False)]
        rows += [("lamp", at + 5 + rng.uniform(-3, 3), cycle % 2 == 0)]
    return [*rows, ("open", FAILS + 10, True), ("stuck", FAILS + 14, True), ("stuck", FAILS + 74, False)]


async def explained(store, folder, press: Plant):
    rows = [(name, START + timedelta(seconds=at), value, 0) for name, at, value in readings()]
    now = START + timedelta(seconds=FAILS + 120)
    await load_past(store, press, [rows], folder, now)
    while (await derive_touched(store)).touched:
        pass
    async with store.write.begin() as session:
        site = (await session.scalars(select(Site.id).where(Site.code == press.site.id))).one()
        machine = (await session.scalars(select(Equipment.id).where(Equipment.site_id == site, Equipment.active))).all()
        await find_losses(session, site, list(machine), Window(START, now), now, wakes=False)
    async with store.read() as session:
        loss = (await session.scalars(select(Loss).where(Loss.site_id == site, Loss.rule == "stop"))).one()
        return await explain(session, loss.id, now)


async def test_the_sensor_that_should_have_answered_is_named_with_what_it_is_held_against(database, tmp_path):
    told = await explained(database, tmp_path, plant())
    best = told.candidates[0]
    assert told.sufficient and (best.kind, best.thing) == ("cycle", "is_open")
    assert best.subject == "gate open of Press did not come"
    (evidence,) = best.evidence
    assert "gate open should have gone on" in evidence.text
    assert "as it did 91 times when gate to open went on; it did not" in evidence.text
    assert "before gate did not open" in evidence.text and evidence.refs == ("signal:is_open",)
    assert best.score > 0.6 and best.refuted_by and "Check gate open" in best.measure_next


async def test_an_expert_s_graph_of_the_plant_file_is_said_as_evidence(database, tmp_path):
    told = await explained(database, tmp_path, plant(acts_upon={"open": ["is_open", "stuck"], "is_open": ["stuck"]}))
    best = told.candidates[0]
    assert (best.kind, best.thing) == ("cycle", "is_open")
    assert "the plant's cause graph says that it acts upon gate did not open" in [e.text for e in best.evidence]


async def test_a_graph_of_another_machine_takes_nothing_away_and_says_nothing(database, tmp_path):
    lid = [tag("lid", "lid"), tag("lid_alarm", "lid alarm", meaning="alarm")]
    oven = {"id": "oven", "name": "Oven", "level": "work_unit"}
    both = plant().model_dump(mode="json", exclude_unset=True)
    both["equipment"].append(oven)
    both["connectors"].append({"id": "oven", "protocol": "opcua", "tags": [one | {"equipment": "oven"} for one in lid]})
    told = await explained(database, tmp_path, Plant.model_validate(both | {"acts_upon": {"lid": ["lid_alarm"]}}))
    best = told.candidates[0]
    assert told.sufficient and (best.kind, best.thing) == ("cycle", "is_open")
    assert not [e for e in best.evidence if "cause graph" in e.text] and best.signs["graph"] == 0.0


ODD = (Oddity("gate", 8.0, "moved", True), Oddity("lid", 18.0, "moved", True))
ALARMS = ((10.0, "gate_alarm"), (20.0, "lid_alarm"))


@pytest.mark.parametrize(
    ("acts_upon", "named"),
    [
        ({}, set()),
        ({"press": ["elsewhere"]}, set()),
        ({"gate": ["gate_alarm"]}, {"gate"}),
        ({"gate": ["gate_alarm"], "lid": ["lid_alarm"]}, {"gate", "lid"}),
        ({"pump": ["gate_alarm", "lid_alarm"]}, set()),
    ],
)
def test_the_graph_speaks_for_the_alarms_that_it_knows_and_cycles_for_the_others(acts_upon, named):
    told, by_graph = ranked(acts_upon, Trouble(ALARMS, ODD))
    assert {one.signal for one in told} == {"gate", "lid"}
    assert by_graph == named


@pytest.mark.parametrize("missing", ["lamp", "open"])
def test_what_is_learned_leaves_out_stops_and_silences(missing):
    kinds = {"stuck": "alarm"}
    rows = [(at, name, kinds.get(name, "binary"), value) for name, at, value in readings() if name != missing]
    later = [(at + 90_000.0, name, kind, value) for at, name, kind, value in rows]
    one = recorded("stored", [*rows, *later])
    stops = [(FAILS + 14, FAILS + 74), (FAILS + 90_014, FAILS + 90_074)]
    learned = learned_before(one, stops, FAILS + 90_014)
    assert learned.hours == pytest.approx(2 * (FAILS - 300) / 3600, rel=0.1)
    assert "stuck" not in learned.habits.alarms
    found = trouble_at(learned.habits, one, FAILS + 90_014, one.end)
    assert (found is not None) == (missing == "lamp")
