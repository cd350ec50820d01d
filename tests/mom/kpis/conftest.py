"""Facts of one machine, drawn at random: states with holes and overlaps, stops, shifts, runs, counts, corrections."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from mom.facts import (
    ClassSpan,
    CountSpan,
    Facts,
    Machine,
    ProductFact,
    RunSpan,
    ShiftSpan,
    StateSpan,
    StopSpan,
    Window,
)
from mom.history.calendar import merged
from mom.history.classes import TimeClass

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PATH = "works/line/filler"
STATES = [("Execute", ""), ("Held", ""), ("Stopped", ""), ("Aborted", ""), ("Idle", ""), ("Unknown", "")]
STATES += [("Suspended", detail) for detail in ("starved", "blocked", "")]
REASONS = ("", "jam", "planned cleaning")
PRODUCTS = (None, "A", "B")
LENGTHS = st.sampled_from((0.000001, 1.0, 77.5, 299.999999, 300.0, 1234.5))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    states: list[StateSpan] = []
    stops: list[StopSpan] = []
    moment = 0.0
    for id in range(1, draw(st.integers(2, 16))):
        moment += draw(st.sampled_from((0.0, 0.0, 13.000001)))
        length, (state, detail) = draw(LENGTHS), draw(st.sampled_from(STATES))
        end = at(moment + length)
        states.append(
            StateSpan(id, at(moment), end, False, PATH, state, detail, draw(st.sampled_from(("", "", "set_up"))))
        )
        if state in ("Held", "Stopped", "Aborted"):
            stops.append(StopSpan(id, at(moment), end, False, PATH, state, draw(st.sampled_from(REASONS))))
        moment += length * draw(st.sampled_from((1.0, 1.0, 0.5)))
    end = moment
    spans = lambda most: [draw(_span(end)) for _ in range(draw(st.integers(0, most)))]  # noqa: E731
    machine = Machine(1, PATH, "Filler", "work_unit", "works/line", ideal_rate=100)
    facts = Facts("works", ZoneInfo("UTC"), "EUR", machine, Window(at(0), at(max(end, 1))), at(10**7))
    return replace(
        facts,
        shifts=tuple(ShiftSpan(name, crew, *pair) for name, crew, pair in zip("EL", "AB", _apart(draw, end), strict=False)),
        states=tuple(states),
        stops=tuple(stops),
        runs=tuple(_runs(draw, end)),
        counts=tuple(_counts(draw, end)),
        products={name: ProductFact(name, name, {PATH: rate}, material_cost=Decimal("0.25")) for name, rate in (("A", 60.0), ("B", 45.0))},
        no_calendar=draw(st.booleans()) and draw(st.booleans()),
        has_orders=True,
        no_order=merged(Window(*pair) for pair in spans(2)),
        change_overs={PATH: merged(Window(*pair) for pair in spans(2))},
        corrected=tuple(ClassSpan(n, *pair, PATH, draw(st.sampled_from(list(TimeClass)))) for n, pair in enumerate(spans(3), 1)),
    )  # fmt: skip


@st.composite
def _span(draw: st.DrawFn, end: float) -> tuple[datetime, datetime]:
    start = draw(st.floats(-100, max(end, 1)))
    return at(start), at(start + draw(st.sampled_from((0.000001, 10.0, 333.3, 2000.0))))


def _apart(draw: st.DrawFn, end: float) -> list[tuple[datetime, datetime]]:
    """Two shifts that do not overlap, as a plant's do not."""
    edges = sorted({round(draw(st.floats(-100, end + 100)), 6) for _ in range(4)})
    return [(at(low), at(high)) for low, high in zip(edges[::2], edges[1::2], strict=False)]


def _runs(draw: st.DrawFn, end: float) -> list[RunSpan]:
    edges = sorted({round(draw(st.floats(0, max(end, 1))), 6) for _ in range(draw(st.integers(0, 5)))})
    return [
        RunSpan(n, at(low), at(high), False, f"O{n}" if draw(st.booleans()) else None, draw(st.sampled_from(PRODUCTS)))
        for n, (low, high) in enumerate(pairwise(edges), 1)
    ]


def _counts(draw: st.DrawFn, end: float) -> list[CountSpan]:
    found = []
    for n in range(draw(st.integers(0, 8))):
        start = round(draw(st.floats(0, max(end, 1))), 6)
        good, scrap, rework = (float(draw(st.integers(0, most))) for most in (60, 5, 2))
        product = draw(st.sampled_from(("A", "B")))
        order = draw(st.sampled_from((None, "O1", "O2")))
        found.append(CountSpan(n, at(start), at(start + 60), PATH, good + scrap, good, scrap, rework, product, order))
    return found


@pytest.fixture(scope="session")
def drawn() -> st.SearchStrategy[Facts]:
    return any_facts()


@pytest.fixture(scope="session")
def in_window() -> Callable[[Facts, Window], Facts]:
    """The same facts as the store would give them for a part of the window: a count lies where it begins."""

    def cut(facts: Facts, window: Window) -> Facts:
        counts = tuple(span for span in facts.counts if window.start <= span.start < window.end)
        return replace(facts, window=window, counts=counts)

    return cut
