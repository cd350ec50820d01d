"""What a person corrects holds at once, apart from what the machine said, and is taken back whole."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mom.caller import Caller
from mom.corrections.at_once import at_once
from mom.corrections.correct import correct, withdraw
from mom.corrections.given import Given
from mom.errors import BadInput, Conflict, NotAllowed, NotFound
from mom.facts import Window
from mom.history.keep_up import keep_up
from mom.kpis.board import kpis
from mom.models import AuditEntry, Stop, User

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
NOW = START + timedelta(hours=2)
HOUR = Window(START, START + timedelta(hours=1))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
async def eva(works: Any) -> Caller:
    async with works.store.write.begin() as session:
        user = User(site_id=works.site_id, name="eva", display_name="Eva", roles=["supervisor"])
        session.add(user)
        await session.flush()
        return Caller(works.site_id, user.id, "eva", frozenset({"supervisor"}), "session")


@pytest.fixture
async def hour(works: Any) -> Any:
    """The filler ran, stood ten minutes for a jam, ran on to the end of the hour."""
    states = [("filler.state", 0, 1), ("filler.state", 600, 2), ("filler.state", 1200, 1), ("filler.state", 7000, 1)]
    counts = [("filler.good", 60 * n, 50 * n) for n in range(61)]
    await works.put(("line.order", 0, 4711), ("line.product", 0, 1), ("filler.reason", 700, 10), *states, *counts)
    await works.put(("filler.scrap", 0, 0), ("filler.scrap", 7000, 0))
    while await keep_up(works.store, NOW):
        pass
    return works


async def figures(works: Any, window: Window = HOUR) -> dict[str, float | None]:
    async with works.store.read() as session:
        return {figure.name: figure.value for figure in await kpis(session, "Filler", window, NOW)}


async def said(works: Any, caller: Caller, given: Given) -> int:
    async with works.store.write.begin() as session:
        made = (await correct(session, given, caller, NOW)).id
    await at_once(works.store, NOW)
    return made


async def taken_back(works: Any, caller: Caller, id: int) -> None:
    async with works.store.write.begin() as session:
        await withdraw(session, id, "I was wrong", caller, NOW)
    await at_once(works.store, NOW)


async def the_stop(works: Any) -> Stop:
    async with works.store.read() as session:
        return (await session.scalars(select(Stop).where(Stop.superseded_at.is_(None)))).one()


async def test_a_stops_reason_is_corrected_and_the_machines_row_stays(hour: Any, eva: Caller) -> None:
    before, machine = await figures(hour), await the_stop(hour)
    assert before["availability"] == pytest.approx(50 / 60)
    id = await said(hour, eva, Given("reason", {"reason": "planned cleaning"}, "the plan on the wall", stop=machine.id))
    now_is = await the_stop(hour)
    assert (now_is.reason, now_is.reason_by, now_is.id != machine.id) == ("planned cleaning", "person", True)
    assert (await figures(hour))["availability"] == 1  # ten planned minutes are no busy time
    async with hour.store.read() as session:
        old = await session.get(Stop, machine.id)
        assert old is not None
        assert (old.reason, old.superseded_by) == ("jam", now_is.id)
    await taken_back(hour, eva, id)
    assert ((await the_stop(hour)).reason, await figures(hour)) == ("jam", before)


async def test_a_stretch_is_corrected_and_adds_up_wherever_it_is_cut(hour: Any, eva: Caller) -> None:
    stretch = Window(at(900), at(1500))
    id = await said(hour, eva, Given("time_class", {"class": "starved"}, "no bottles", None, "L1", stretch))
    after = await figures(hour)
    assert after["availability"] == pytest.approx((3600 - 300 - 600) / 3600)
    assert after["mttr"] == pytest.approx(600)  # the stop began before the stretch: it is still one
    later = await said(
        hour, eva, Given("time_class", {"class": "planned_stop"}, "a break", None, "Filler", Window(at(1200), at(1500)))
    )
    assert (await figures(hour))["availability"] == pytest.approx((3600 - 600 - 300) / 3300)
    await taken_back(hour, eva, later)
    assert await figures(hour) == after
    await taken_back(hour, eva, id)
    assert (await figures(hour))["availability"] == pytest.approx(50 / 60)


async def test_pieces_are_added_and_taken_away_beside_the_counters_own(hour: Any, eva: Caller) -> None:
    before = await figures(hour)
    given = Given("count", {"good": -100, "scrap": 100.0}, "found wet labels", None, "Filler", Window(at(0), at(1800)))
    id = await said(hour, eva, given)
    after = await figures(hour)
    assert (after["produced"], after["good"], after["scrap"]) == (before["produced"], before["good"] - 100, 100)
    assert await hour.rows("counts", "source, good, scrap, product", "source = 'correction'") == [
        ("correction", -100, 100, "A")
    ]
    await taken_back(hour, eva, id)
    assert await figures(hour) == before


async def test_who_when_and_why_are_on_record(hour: Any, eva: Caller) -> None:
    id = await said(
        hour, eva, Given("time_class", {"class": "idle"}, "no order", None, "Filler", Window(at(600), at(1200)))
    )
    await taken_back(hour, eva, id)
    async with hour.store.read() as session:
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    assert [(e.act, e.subject, e.actor) for e in entries] == [
        ("correction.made", f"correction:{id}", eva.actor),
        ("correction.withdrawn", f"correction:{id}", eva.actor),
    ]
    assert entries[0].detail["before"] == {"breakdown": 600.0}
    with pytest.raises(Conflict, match="withdrawn already, by eva"):
        await taken_back(hour, eva, id)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (Given("time_class", {"class": "lazy"}, "w", None, "Filler", HOUR), BadInput, "class is 'lazy': expected one of planned_stop"),
        (Given("time_class", {"class": "idle"}, " ", None, "Filler", HOUR), BadInput, "why is empty"),
        (Given("time_class", {"class": "idle"}, "w", None, "Filler", Window(at(0), at(9000))), BadInput, "only what has passed"),
        (Given("time_class", {"class": "idle"}, "w", None, "Fillet", HOUR), NotFound, "Did you mean"),
        (Given("count", {"good": -99_999}, "w", None, "Filler", HOUR), BadInput, "good is -99999: only 3000 were counted"),
        (Given("count", {}, "w", None, "Filler", HOUR), BadInput, "nothing would change"),
        (Given("reason", {"reason": "jam"}, "w", stop=999), NotFound, "no stop 999"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_refused_by_name(
    hour: Any, eva: Caller, given: Given, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        await said(hour, eva, given)


async def test_an_operator_may_not(hour: Any, eva: Caller) -> None:
    given = Given("time_class", {"class": "idle"}, "w", None, "Filler", HOUR)
    with pytest.raises(NotAllowed, match="it takes the role supervisor"):
        await said(hour, replace(eva, roles=frozenset({"operator"})), given)
