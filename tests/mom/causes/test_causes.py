"""Kinds of evidence, each fed its facts: what it finds, and what it must not find."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from mom.causes import after_maintenance, crew, late_delivery, lying_sensor, material_lot, product, signal_drift
from mom.causes.cause import Candidate, CauseFacts, Inspection, LossFact, Lot, LotUse, Repair
from mom.causes.course import Course, course_of
from mom.causes.explain import candidates, diagnosis, explain
from mom.causes.gather import worst_spell
from mom.causes.level import drift
from mom.causes.weigh import weighed
from mom.causes.words import about
from mom.errors import NotFound
from mom.facts import Facts, Machine, ProductFact, RunSpan, Series, SetUpStandard, ShiftSpan, StateSpan, Window
from mom.history.keep_up import keep_up

NOW = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
PATH = "works/line/capper"


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def series(values: Any, name: str = "application torque", tag: str = "capper.torque") -> Series:
    """A value an hour for 28 days."""
    times = [ago(28) + timedelta(hours=n) for n in range(28 * 24)]
    return Series(tag, name, "Nm", times, list(values), 1.5, 2.1)


def flat(level: float = 1.8, spread: float = 0.02) -> np.ndarray:
    return level + np.random.default_rng(7).normal(0, spread, 28 * 24)


def facts_of(kind: str = "minor_stops", days: float = 5, **more: Any) -> CauseFacts:
    machine = Machine(1, PATH, "Capper", "work_unit", "works/line", ideal_rate=100)
    signals = {s.tag: s for s in more.pop("signals", [])}
    window = Window(ago(28), NOW)
    own = Facts("works", ZoneInfo("UTC"), "EUR", machine, window, NOW, signals=signals, **more.pop("machine", {}))
    loss = LossFact(
        1, kind, kind, "cap jam", PATH, "Capper: cap jam", ago(days), NOW, True, 600, 600, more.pop("figures", {})
    )
    course = more.pop("course", None) or course_of(own, kind, "cap jam")
    return CauseFacts(loss, own, course, spell=worst_spell(course, loss), **more)


def probability(facts: CauseFacts, kind: str) -> float:
    """Of the likeliest candidate of a kind, beside all others; 0 if it found none."""
    return max((c.score for c in weighed(candidates(facts))[0] if c.kind == kind), default=0.0)


def repair(days: float, title: str, text: str, part: str = "chuck", kind: str = "corrective") -> Repair:
    return Repair(7, "WO-7", PATH, part, kind, title, text, ago(days + 0.05), ago(days))


def by_hour(burden: Any, seed: int = 5) -> Course:
    """Stops an hour for 28 days, drawn with the mean that `burden(hour)` gives."""
    mean = np.array([burden(hour) for hour in range(28 * 24)], float)
    times = ago(28).timestamp() + 3600 * (np.arange(28 * 24) + 0.5)
    return Course(times, 3600, np.full(28 * 24, 0.9), np.random.default_rng(seed).poisson(mean).astype(float))


def crews() -> tuple[ShiftSpan, ...]:
    """Three shifts a day for 28 days, crews A, B, C in turn."""
    starts = [ago(28) + timedelta(hours=8 * index) for index in range(84)]
    return tuple(ShiftSpan("s", "ABC"[i % 3], at, at + timedelta(hours=8)) for i, at in enumerate(starts))


def test_a_signal_that_fell_is_found_with_its_beginning_and_the_part_of_the_last_repair() -> None:
    values = flat()
    values[-6 * 24 :] -= np.linspace(0, 0.3, 6 * 24)
    told = repair(20, "Caps loose", "torque low, chuck worn, replaced")
    (found,) = signal_drift.find(facts_of(signals=[series(values)], repairs=(told,)))
    assert found.part == "chuck"
    assert found.thing == "capper.torque"
    assert abs(found.since - ago(5.5)) < timedelta(days=1)
    assert "maintenance_order:7" in [ref for e in found.evidence for ref in e.refs]


def test_a_signal_that_stays_or_moved_long_before_is_no_cause() -> None:
    assert list(signal_drift.find(facts_of(signals=[series(flat())]))) == []
    earlier = flat()
    earlier[5 * 24 : 9 * 24] -= 0.3
    assert list(signal_drift.find(facts_of(signals=[series(earlier)]))) == []


def test_a_stop_of_a_minute_just_after_the_hour_still_sees_the_hours_before_it() -> None:
    """A stopped machine tells no torque: the level is that of the last whole span, wherever the stop falls in the next."""
    every = timedelta(minutes=10)
    first = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
    times = [first + n * every for n in range(10 * 144)]  # up to midnight of day ten
    values = [1.8 + 0.01 * (n % 3) - (0.3 if n >= 8 * 144 else 0) for n in range(len(times))]
    midnight = first + timedelta(days=10)
    level = drift(
        Series("t", "torque", "Nm", times, values), midnight + timedelta(seconds=50), midnight + timedelta(seconds=110)
    )
    assert level is not None
    assert level.after < 1.6 < level.before


def test_words_of_three_letters_and_plurals_speak_of_the_same() -> None:
    assert about("Torque low since last week, caps jam at the star wheel", "cap jam")
    assert not about("Drive belt changed, low oil", "cap jam")


def samples(moved: float) -> tuple[Inspection, ...]:
    draw = np.random.default_rng(3)
    return tuple(
        Inspection(n, PATH, "opening torque", True, ago(28 - n / 4), 1.5 + draw.normal(0, 0.02) + (moved if n / 4 > 23 else 0), 1.0, 2.0)
        for n in range(28 * 4)
    )  # fmt: skip


def test_a_sensor_lies_when_the_laboratory_saw_nothing_and_not_when_it_did() -> None:
    values = flat()
    values[-5 * 24 :] -= 0.3
    lies = facts_of("scrap", signals=[series(values)], inspections=samples(0.0))
    assert len(list(lying_sensor.find(lies))) == 1
    assert list(signal_drift.find(lies)) == []
    assert probability(lies, "lying_sensor") > 0.5
    assert list(lying_sensor.find(facts_of("scrap", signals=[series(values)], inspections=samples(-0.3)))) == []


def test_a_set_speed_that_was_not_set_back_names_the_maintenance() -> None:
    values = np.where(np.arange(28 * 24) >= 20 * 24, 92.0, 100.0)
    told = repair(8, "PM filler", "test run at reduced speed ok", "valves", "preventive")
    speed = series(values, "set speed", "capper.set_speed")
    slow, lone = (
        facts_of("reduced_speed", 8, signals=[speed], repairs=(told,)),
        facts_of("reduced_speed", 8, signals=[speed]),
    )
    (found,) = after_maintenance.find(slow)
    assert (found.since, found.thing) == (ago(8), "WO-7")
    assert probability(slow, "after_maintenance") > probability(lone, "after_maintenance") > 0
    same = series(np.full(28 * 24, 100.0), "set speed", "capper.set_speed")
    assert list(after_maintenance.find(facts_of("reduced_speed", 8, signals=[same], repairs=(told,)))) == []


def lots() -> tuple[LotUse, ...]:
    return tuple(LotUse(n, f"L{n}", "labels", None, PATH, ago(28 - 4 * n)) for n in range(7))


def test_a_bad_lot_has_more_than_the_others_and_wear_that_grows_is_no_lot() -> None:
    bad = by_hour(lambda hour: 4 if 16 <= hour / 24 < 20 else 0.4)
    facts = facts_of(days=12, course=bad, lots=lots())
    found = weighed(candidates(facts))[0]
    assert (found[0].subject, found[0].thing) == ("labels lot L4", "L4")
    known = (Lot(4, "L4", "labels", "Huber", None, None, "blocked"),)
    blocked = facts_of(days=12, course=bad, lots=lots(), lots_known=known)
    assert probability(blocked, "material_lot") > probability(facts, "material_lot") > 0.5
    wear = by_hour(lambda hour: 0.4 + 0.01 * max(0, hour - 300))
    assert probability(facts_of(days=12, course=wear, lots=lots()), "material_lot") < 0.5


def test_a_lot_that_came_with_a_loss_which_went_on_without_it_is_no_cause() -> None:
    lasts = by_hour(lambda hour: 4 if hour / 24 >= 16 else 0.4)
    (found,) = [c for c in material_lot.find(facts_of(days=12, course=lasts, lots=lots())) if c.thing == "L4"] or [None]
    assert found is None or found.against
    assert probability(facts_of(days=12, course=lasts, lots=lots()), "material_lot") < 0.5


def test_a_late_delivery_is_the_cause_of_a_stand_for_material_and_of_no_other() -> None:
    lot = Lot(3, "CA-1", "caps", "Kapsel", ago(1.1), ago(0.9), "released")
    used = (LotUse(1, "CA-0", "caps", None, PATH, ago(10)),)
    stand = facts_of("breakdown", 1, lots=used, lots_known=(lot,))
    assert list(late_delivery.find(stand)) == []  # "cap jam" speaks of no material
    from dataclasses import replace

    waits = replace(stand, loss=replace(stand.loss, reason="no material", end=ago(0.9)))
    (found,) = late_delivery.find(waits)
    assert found.subject == "caps from Kapsel came late"


def test_a_crew_is_named_only_when_chance_does_not_explain_it_and_never_a_person() -> None:
    machine = {"shifts": crews()}
    slow = facts_of(days=20, course=by_hour(lambda hour: 2.0 if hour // 8 % 3 == 2 else 0.6), machine=machine)
    (found,) = crew.find(slow)
    assert found.subject.startswith("crew C at Capper")
    assert probability(slow, "crew") > 0.5
    assert list(crew.find(replace(slow, unnamed=frozenset("C")))) == [], "of too few people: it is not named"
    noisy = facts_of(days=20, course=by_hour(lambda hour: 0.8), machine=machine)
    assert probability(noisy, "crew") < 0.2


def test_change_overs_that_are_long_to_one_product_name_it() -> None:
    states, runs = [], []
    for n in range(10):
        start = ago(27 - 2 * n)
        long = n % 2 == 0
        end = start + timedelta(minutes=60 if long else 30)
        states.append(StateSpan(n, start, end, False, PATH, "Stopped", "", "set_up"))
        runs.append(RunSpan(n, end, start + timedelta(days=2), False, f"{n}", "B" if long else "A"))
    machine = {
        "no_calendar": True,
        "states": tuple(states),
        "runs": tuple(runs),
        "set_ups": (SetUpStandard("works/line", None, None, 1800),),
        "products": {"B": ProductFact("B", "Product B", {})},
    }
    (found,) = product.find(facts_of("set_up", 12, figures={"to": "B"}, machine=machine))
    assert found.subject.startswith("the change-over to Product B")
    assert list(product.find(facts_of("set_up", 12, figures={"to": "A"}, machine=machine))) == []


def test_without_evidence_the_answer_is_insufficient_with_the_next_measurement() -> None:
    facts = facts_of()
    answer = diagnosis(facts, candidates(facts))
    assert not answer.sufficient
    assert answer.none == 1.0
    assert "Insufficient evidence" in answer.summary
    assert answer.measure_next
    assert answer.as_json()["causes"] == []


def test_probabilities_of_all_candidates_and_of_none_add_up_and_a_weak_one_is_refused() -> None:
    weak = [Candidate("material_lot", f"lot {n}", PATH, thing=f"L{n}", signs={"onset": n / 4}) for n in range(4)]
    ranked, none = weighed(weak)
    assert sum(c.score for c in ranked) + none == pytest.approx(1.0)
    assert [c.thing for c in ranked] == ["L3", "L2", "L1", "L0"]
    answer = diagnosis(facts_of(), weak)
    assert not answer.sufficient
    assert "The likeliest would be lot 3" in answer.summary


async def test_explain_reads_the_store_and_cites_rows(works: Any) -> None:
    await works.put(("filler.state", 0, 1), ("filler.state", 600, 3), ("filler.alarm", 600, 7))
    start = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
    now = start + timedelta(seconds=700)
    await keep_up(works.store, now)
    async with works.store.read() as session:
        answer = await explain(session, 1, now)
        with pytest.raises(NotFound, match="no loss 99"):
            await explain(session, 99, now)
    assert not answer.sufficient
    assert "first_alarm" in [c.kind for c in answer.candidates]
    assert answer.candidates[0].evidence[0].refs == ("alarm:1",)
