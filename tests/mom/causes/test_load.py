"""What a machine's own running makes of a signal is taken out before anybody says that it moved."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from mom.causes import shift_book
from mom.causes.cause import CauseFacts, LossFact, Written
from mom.causes.level import drift
from mom.causes.load import while_running
from mom.facts import Facts, Machine, RunSpan, Series, StateSpan, Window

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PATH = "works/line/press"
LAG_S, SHARE_GONE = 300.0, 0.4


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def machine(ran: list[tuple[float, float]], runs: tuple[RunSpan, ...] = ()) -> Facts:
    """A press that ran in these spans (minutes) of two days."""
    states = tuple(StateSpan(n + 1, at(low), at(high), False, PATH, "Execute") for n, (low, high) in enumerate(ran))
    own = Machine(1, PATH, "Press", "work_unit", "works/line", ideal_rate=100)
    window = Window(START, at(2880))
    return Facts("works", ZoneInfo("UTC"), "EUR", own, window, at(2880), states=states, runs=runs)


def following(ran: list[tuple[float, float]], moved: float = 0.0) -> Series:
    """A temperature, a value a minute, that follows running with a lag; `moved` degrees on the last four hours."""
    minutes, felt, levels = np.arange(2880), 0.0, []
    on = np.zeros(2880)
    for low, high in ran:
        on[int(low) : int(high)] = 1.0
    keep = np.exp(-60.0 / LAG_S)
    for goal in on:
        felt = goal + (felt - goal) * keep
        levels.append(felt)
    noise = np.random.default_rng(3).normal(0.0, 0.3, 2880)
    values = 50.0 * (1 - SHARE_GONE * (1 - np.array(levels))) + noise + np.where(minutes >= 2640, moved, 0.0)
    return Series("press.oil", "oil temperature", "°C", [at(m + 0.5) for m in minutes], values.tolist(), None, None)


def jammed(every: int) -> list[tuple[float, float]]:
    """It ran without a break, and in the last four hours it stood for a third of the time."""
    return [(0.0, 2640.0), *((m, m + 2 * every / 3) for m in range(2640, 2880, every))]


@pytest.mark.parametrize("every", [6, 12, 30])
def test_a_machine_that_stands_often_is_colder_and_that_is_no_drift(every: int) -> None:
    ran = jammed(every)
    cold, freed = following(ran), while_running(following(ran), machine(ran))
    assert drift(cold, at(2640), at(2880)) is not None, "as it stands it looks as if it had moved"
    assert drift(freed, at(2640), at(2880)) is None


@pytest.mark.parametrize("moved", [-4.0, 4.0])
def test_what_moved_beside_its_load_is_told_as_far_as_it_moved(moved: float) -> None:
    ran = jammed(12)
    level = drift(while_running(following(ran, moved), machine(ran)), at(2640), at(2880))
    assert level is not None
    assert level.after - level.before == pytest.approx(moved, abs=0.6)
    assert abs((level.since - at(2640)).total_seconds()) <= 1800


def test_what_does_not_follow_the_load_stays_as_it_was_measured() -> None:
    ran = jammed(12)
    values = np.random.default_rng(5).normal(10.0, 0.1, 2880)
    series = Series("press.air", "air pressure", "bar", [at(m + 0.5) for m in range(2880)], values.tolist(), None, None)
    kept = while_running(series, machine(ran))
    assert kept.values == [values[int((t - START).total_seconds() // 60)] for t in kept.times]


def changed_over(note: Written) -> CauseFacts:
    """A change-over from 14:00 to 15:10 to order 4711, and another to 4712 six hours later."""
    runs = (
        RunSpan(1, at(0), at(480), False,  "4710", "A"), RunSpan(2, at(480), at(840), False, "4711", "B"),
        RunSpan(3, at(840), at(2880), False, "4712", "A"),
    )  # fmt: skip
    loss = LossFact(1, "set_up", "set_up", "change-over", PATH, "change-over", at(480), at(550), False, 4200, 0)
    return CauseFacts(loss, machine([(0, 480), (550, 840), (900, 2880)], runs), notes=(note,))


@pytest.mark.parametrize(
    ("text", "minutes", "found"),
    [
        ("Change-over to order 4711 waited 40 min for tool M1-T9.", 700, True),  # written at the end of the shift
        ("Change-over to order 4712 waited 40 min for tool M1-T9.", 500, False),  # of another one
        ("Waited for tool M1-T9.", 500, True),  # just then
        ("Waited for tool M1-T9.", 700, False),  # of something else
    ],
)
def test_a_note_is_of_the_order_that_it_names_whenever_it_was_written(text: str, minutes: int, found: bool) -> None:
    (*told,) = shift_book.find(changed_over(Written(1, PATH, text, at(minutes))))
    assert [candidate.thing for candidate in told] == (["M1-T9"] if found else [])
