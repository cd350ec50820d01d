"""KPIs against a worked example in the standard's way, and what they say when something is missing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mom.facts import CountSpan, Facts, Machine, ProductFact, ShiftSpan, StateSpan, StopSpan, Window
from mom.history.derive import derive_touched
from mom.kpis.board import definitions, figures, kpis
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PATH = "works/line/filler"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def example() -> Facts:
    """A shift of 480 min: 60 set-up, 30 breakdown, 6 minor stop, 24 blocked, 360 production at 60 a minute ideal.

    19,440 made: effectiveness 19440 / 60 / 360 = 0.9; 972 of them scrap: quality 0.95.
    """
    spans = [(0, 60, "Stopped", "", "set_up"), (60, 240, "Execute", "", ""), (240, 270, "Aborted", "", "")]
    spans += [(270, 390, "Execute", "", ""), (390, 393, "Held", "", ""), (393, 417, "Suspended", "blocked", "")]
    spans += [(417, 420, "Held", "", ""), (420, 480, "Execute", "", "")]
    states = tuple(StateSpan(n, at(s), at(e), False, PATH, st, d, m) for n, (s, e, st, d, m) in enumerate(spans, 1))
    stops = (
        StopSpan(1, at(240), at(270), False, PATH, "Aborted", "drive"),
        StopSpan(2, at(390), at(393), False, PATH, "Held", "jam"),
        StopSpan(3, at(417), at(420), False, PATH, "Held", ""),
    )
    counts = (CountSpan(1, at(60), at(480), PATH, 19_440, 18_468, 972, product="A"),)
    machine = Machine(1, PATH, "Filler", "work_unit", "works/line", ideal_rate=100)
    products = {"A": ProductFact("A", "Product A", {PATH: 60})}
    shifts = (ShiftSpan("early", "A", at(0), at(480)),)
    window = Window(at(0), at(480))
    return Facts(
        "works", ZoneInfo("UTC"), "EUR", machine, window, at(480), shifts, states, stops, (), counts, (), products
    )


def values_of(made: Elements) -> dict[str, float | None]:
    return {figure.name: figure.value for figure in figures(made, PATH, Window(at(0), at(480)))}


def test_the_worked_example_in_the_standards_way() -> None:
    made = elements(example())
    assert {name: made.values[name] / 60 for name in ("PBT", "APT", "AUST", "AUPT", "ADET", "AUBT", "TTR")} == {
        "PBT": 480, "APT": 360, "AUST": 60, "AUPT": 420, "ADET": 60, "AUBT": 480, "TTR": 30,
    }  # fmt: skip
    found = values_of(made)
    expected = {
        "availability": 360 / 480,
        "effectiveness": 0.9,
        "quality_ratio": 0.95,
        "oee": 0.75 * 0.9 * 0.95,
        "nee": 420 / 480 * 0.9 * 0.95,
        "teep": 0.75 * 0.9 * 0.95,
        "set_up_rate": 60 / 420,
        "technical_efficiency": 360 / 420,
        "utilization_efficiency": 360 / 480,
        "allocation_efficiency": 1.0,
        "scrap_ratio": 0.05,
        "rework_ratio": 0.0,
        "mtbf": (420 + 30) * 60,
        "mtbf_iso": 225 * 60,
        "mttf": 420 * 60,
        "mttf_iso": 210 * 60,
        "mttr": 30 * 60,
        "mttr_iso": 15 * 60,
        "mtba": 120 * 60,
        "throughput": 19_440 / 8,
        "produced": 19_440,
        "good": 18_468,
        "scrap": 972,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-9)
    assert found["oee"] == pytest.approx(found["availability"] * found["effectiveness"] * found["quality_ratio"])


def test_roll_up_sums_elements_and_never_averages_ratios() -> None:
    one = elements(example())
    other = Elements(480 * 60, 480 * 60, dict.fromkeys(one.values, 0.0) | {"PBT": 480 * 60, "CALENDAR": 480 * 60})
    assert values_of(one + other)["availability"] == pytest.approx(360 / 960)
    both = {
        "produced": 38_880, "good": 36_936, "scrap": 1_944, "mtbf_iso": 900 * 60 / 3, "mttf_iso": 840 * 60 / 3,
        "mttr_iso": 60 * 60 / 3, "cost_of_poor_quality": values_of(one)["cost_of_poor_quality"] * 2,
    }  # fmt: skip
    assert values_of(one + one) == pytest.approx(values_of(one) | both)


def test_performance_above_100_percent_is_shown_and_explained() -> None:
    facts = example()
    fast = replace(facts, counts=(replace(facts.counts[0], produced=30_000, good=30_000, scrap=0),))
    (figure,) = [f for f in figures(elements(fast), PATH, facts.window) if f.name == "effectiveness"]
    assert figure.value == pytest.approx(30_000 / 60 / 360)
    assert "standard is looser" in figure.note


def test_unknown_time_lowers_coverage_and_withholds_what_needs_more() -> None:
    facts = example()
    lost = replace(facts.states[1], state="Unknown")
    made = elements(replace(facts, states=(facts.states[0], lost, *facts.states[2:])))
    assert made.coverage == pytest.approx(300 / 480)
    (oee,) = [f for f in figures(made, PATH, facts.window) if f.name == "oee"]
    assert oee.value is None
    assert oee.missing == ("only 62.5 % of the window was seen, 95 % are needed",)
    assert oee.coverage == pytest.approx(0.625)


def test_without_states_availability_says_so_and_two_moulds_share_a_shift() -> None:
    facts = example()
    shift = (at(0), at(480))
    counts = tuple(
        CountSpan(n, *shift, PATH, 1000, 990, 10, tool=f"M{n}", ideal_seconds=480 * 60 * 0.6) for n in (1, 2)
    )
    bare = replace(
        facts, states=(), stops=(), counts=counts, has_states=False, no_calendar=True, shifts=(), reported=facts.window
    )
    found = {f.name: f for f in figures(elements(bare), PATH, facts.window)}
    assert found["availability"].missing == (
        "not computable: no state data; a state tag of the machine's controller would give it",
    )
    assert found["oee"].value is None
    assert found["effectiveness"].value == pytest.approx(1.2)
    assert "1 of 1 shifts are above 100 %" in found["effectiveness"].note
    assert found["scrap_ratio"].value == pytest.approx(0.01)


def test_without_a_rate_performance_names_the_product() -> None:
    facts = example()
    unknown = replace(facts, products={}, machine=replace(facts.machine, ideal_rate=None))
    found = {f.name: f for f in figures(elements(unknown), PATH, facts.window)}
    assert found["effectiveness"].missing == ("not computable: no ideal rate of A at Filler",)
    assert found["availability"].value == pytest.approx(0.75)


def test_every_definition_tells_formula_source_unit_and_needs() -> None:
    for name, kpi in definitions().items():
        assert kpi.name == name
        assert kpi.formula
        assert kpi.source
        assert kpi.unit
        assert kpi.needs


async def test_a_lines_kpis_are_its_constraints_with_quality_end_to_end(works: Any) -> None:
    await works.put(("line.order", 0, 4711), ("line.product", 0, 1), ("filler.state", 0, 1), ("packer.state", 0, 4))
    await works.put(
        *[("filler.good", 60 * n, 54 * n) for n in range(61)], ("filler.scrap", 60, 0), ("filler.scrap", 120, 6)
    )
    await works.put(
        ("packer.scrap", 60, 0), ("packer.scrap", 3000, 24), ("packer.good", 0, 0), ("packer.good", 3000, 100)
    )
    await derive_touched(works.store)
    window = Window(START, START + timedelta(hours=1))
    async with works.store.read() as session:
        line = {f.name: f for f in await kpis(session, "L1", window, window.end)}
        packer = {f.name: f for f in await kpis(session, "Packer", window, window.end)}
    assert line["produced"].value == 54 * 60 + 6
    assert line["good"].value == 54 * 60 + 6 - 30
    assert line["availability"].value == 1
    assert line["effectiveness"].value == pytest.approx(3246 / 3600)
    assert packer["availability"].value == 0
    assert packer["effectiveness"].missing == ("it did not produce in this window",)
    assert line["oee"].source.query.startswith("/api/v1/rows/states?equipment=works%2Fline&from=2026-03-02T06")


async def test_a_link_that_is_silent_takes_the_state_back(works: Any) -> None:
    await works.put(("filler.state", 0, 1))
    await derive_touched(works.store)
    async with works.store.write() as session:
        from mom.models import Link

        session.add(
            Link(site_id=works.site_id, connector="plc", protocol="modbus", state="lost", since=START, alive_at=at(30))
        )
        await session.commit()
    window = Window(START, START + timedelta(hours=1))
    async with works.store.read() as session:
        found = {f.name: f for f in await kpis(session, "Filler", window, window.end)}
    assert found["availability"].value is None
    assert found["availability"].coverage == pytest.approx(0.5)
