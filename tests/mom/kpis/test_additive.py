"""Every element is a sum: over any cut of a window, over shifts, crews, products and orders, to the microsecond."""

import os
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from mom.facts import Facts, Window
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements
from mom.kpis.scope import Scope

SEED = int(os.environ.get("LINESIDE_SEED", random.randrange(2**32)))
Cut = Callable[[Facts, Window], Facts]
Strategy = st.SearchStrategy[Facts]
MICROSECOND = timedelta(microseconds=1)
PROPERTY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def exact(made: Elements) -> dict[str, int]:
    """Times in whole microseconds; all else in millionths, which hold every count and cent of these facts."""
    seconds = {"seconds": made.seconds, "seen": made.seen, "uncounted": made.uncounted}
    return {name: round(value * 1e6) for name, value in (*made.values.items(), *seconds.items())}


def added(parts: Iterable[Elements]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, value in exact(part).items():
            total[name] = total.get(name, 0) + value
    return total


@seed(SEED)
@PROPERTY
@given(data=st.data())
def test_any_cut_of_a_window_adds_up(drawn: Strategy, in_window: Cut, data: st.DataObject) -> None:
    print(f"seed {SEED}")
    facts = data.draw(drawn)
    long = (facts.window.end - facts.window.start) // MICROSECOND
    edges = sorted({data.draw(st.integers(1, max(1, long - 1))) for _ in range(data.draw(st.integers(1, 4)))})
    moments = [facts.window.start, *(facts.window.start + edge * MICROSECOND for edge in edges), facts.window.end]
    parts = [
        elements(in_window(facts, Window(low, high))) for low, high in pairwise(moments) if low < high
    ]  # fmt: skip
    assert close(added(parts), exact(elements(in_window(facts, facts.window))))


@seed(SEED)
@PROPERTY
@given(data=st.data(), by=st.sampled_from(("product", "order", "shift", "crew")))
def test_disjoint_scopes_add_up_to_what_they_cover(
    drawn: Strategy, in_window: Cut, data: st.DataObject, by: str
) -> None:
    """Products and orders cover the time in which one was on; shifts and crews cover the shifts."""
    print(f"seed {SEED}")
    facts = in_window(data.draw(drawn), Window(data.draw(drawn).window.start, data.draw(drawn).window.end))
    names: dict[str, set[str | None]] = {
        "product": {run.product for run in facts.runs},
        "order": {run.order for run in facts.runs},
        "shift": {shift.name for shift in facts.shifts},
        "crew": {shift.crew for shift in facts.shifts},
    }
    parts = [elements(facts, Scope(**{by: name})) for name in names[by] - {None}]
    covered = _covered(facts, by)
    whole = [elements(in_window(facts, window)) for window in covered]
    times = {name for made in whole for name in made.values} - {"PQ", "GQ", "SQ", "RQ", "PRI*PQ", "COPQ"}
    by_scope, at_all = added(parts), added(whole)
    assert close({n: by_scope.get(n, 0) for n in times}, {n: at_all.get(n, 0) for n in times})


def _covered(facts: Facts, by: str) -> list[Window]:
    spans = facts.shifts if by in ("shift", "crew") else [run for run in facts.runs if getattr(run, by) is not None]
    return [cut for span in spans if (cut := facts.window.cut(span.start, span.end))]


@seed(SEED)
@PROPERTY
@given(data=st.data(), by=st.sampled_from(("product", "order")))
def test_pieces_belong_to_their_label_and_to_one_only(drawn: Strategy, data: st.DataObject, by: str) -> None:
    print(f"seed {SEED}")
    facts = data.draw(drawn)
    labels = {getattr(span, by) for span in facts.counts} - {None}
    told = replace(facts, counts=tuple(span for span in facts.counts if getattr(span, by) is not None))
    parts = added(elements(facts, Scope(**{by: name})) for name in labels)
    whole = exact(elements(told))
    for name in ("PQ", "GQ", "SQ", "RQ", "PRI*PQ", "COPQ"):
        assert abs(parts.get(name, 0) - whole[name]) <= 5, name


def close(one: dict[str, int], other: dict[str, int]) -> bool:
    """Times exactly, in whole microseconds. What is a product with a rate is cut to a float: five in a million million."""
    assert one.keys() == other.keys()
    far = {name: (one[name], other[name]) for name in one if abs(one[name] - other[name]) > (5 if name in RATES else 0)}
    assert not far, far
    return True


RATES = ("PRI*PQ", "EPC", "COPQ")
