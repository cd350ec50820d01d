"""The first pass of the worker in which a rule tells: what is known at a moment, and no later reading."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from evals.finding.telling import Known, as_of, first_pass
from mom.facts import Facts, Machine, StateSpan, StopSpan, Window
from mom.history.values import Means
from mom.losses.find import rules
from mom.measured import Measured
from mom.store.plants import Layout

SIX = datetime(2026, 3, 2, 6, tzinfo=UTC)
SLOT = 300_000_000


def minutes(number: float) -> datetime:
    return SIX + timedelta(minutes=number)


@pytest.fixture
def known() -> Known:
    machine = Machine(1, "works/line/filler", "Filler", "work_unit", "works/line")
    at = np.arange(12, dtype=np.int64) * SLOT + int(SIX.timestamp() * 1e6)
    ones = np.ones(12)
    means = Means(at, np.full(12, 5), *(ones,) * 5, np.full(12, 5), *(ones,) * 3, np.ones((12, 3)))
    facts = Facts(
        "works", ZoneInfo("UTC"), "EUR", machine, Window(SIX, minutes(60)), minutes(60),
        states=(StateSpan(1, SIX, minutes(20), False, machine.path, "Execute"),
                StateSpan(2, minutes(20), minutes(40), False, machine.path, "Held")),
        stops=(StopSpan(7, minutes(20), minutes(40), False, machine.path, "Held"),),
        measured=(Measured("torque", "torque", "Nm", "signal", machine.path, means),),
    )  # fmt: skip
    layout = Layout(None, None, {machine.path: machine}, {})  # type: ignore[arg-type]
    return Known(layout, {machine.path: facts}, ())


def test_at_a_moment_only_what_was_told_by_then_is_known(known: Known) -> None:
    (path,) = known.facts
    early = as_of(known, known.facts[path], Window(SIX, minutes(12)), minutes(12))
    assert [(s.state, s.end, s.open) for s in early.states] == [("Execute", minutes(12), True)]
    assert early.stops == () and early.now == minutes(12)
    assert len(early.measured[0].means.at) == 2, "means of whole five minutes"
    later = as_of(known, known.facts[path], Window(SIX, minutes(21)), minutes(21))
    assert [(s.start, s.end, s.open) for s in later.stops] == [(minutes(20), minutes(21), True)]
    assert [f.start for f in rules()["stop"].find(later)] == [minutes(20)]


def test_the_first_pass_that_tells_is_found_among_many() -> None:
    passes = [minutes(number) for number in range(200)]
    for first in (0, 1, 2, 3, 64, 77, 199):
        assert first_pass(lambda at, first=first: at >= minutes(first), passes) == minutes(first)
    assert first_pass(lambda at: False, passes) is None
    assert first_pass(lambda at: True, []) is None
