"""Each KPI of ISO 22400-2 and those beside it against an example that is worked out by hand, in the standard's way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mom.facts import (
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
from mom.kpis.board import definitions, figures
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements
from mom.kpis.parts.part import Sight
from mom.kpis.scope import WHOLE
from mom.kpis.told import told
from mom.kpis.whole import whole
from mom.papers import Attendance, Booking, OrderPaper, Papers, SamplePaper, StockSpan, ValuePaper, WorkPaper

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
LINE, PATH = "works/line", "works/line/filler"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


SHIFT = Window(at(0), at(480))


def filler() -> Facts:
    """A shift of 480 min: 60 set-up, 200 production, 40 breakdown, 140 production, 10 planned stop, 30 blocked.

    PBT = 480 - 10 = 470, APT = 340, AUST = 60, AUPT = 400, ADET = 40 + 30 = 70, AUBT = 470; one failure, TTR = 40.
    17,000 made of 20,400 that 60 a minute allow in 340 min: PRI x PQ = 17,000 s x 1 = 17000/60 min. 400 scrap, 100 rework.
    """
    spans = [(0, 60, "Stopped", "", "set_up"), (60, 260, "Execute", "", ""), (260, 300, "Aborted", "", "")]
    spans += [(300, 440, "Execute", "", ""), (440, 450, "Held", "", ""), (450, 480, "Suspended", "blocked", "")]
    states = tuple(StateSpan(n, at(s), at(e), False, PATH, st, d, m) for n, (s, e, st, d, m) in enumerate(spans, 1))
    stops = (
        StopSpan(1, at(260), at(300), False, PATH, "Aborted", "drive"),
        StopSpan(2, at(440), at(450), False, PATH, "Held", "planned cleaning"),
    )
    counts = (CountSpan(1, at(60), at(440), PATH, 17_000, 16_600, 400, 100, "A", "O1"),)
    machine = Machine(2, PATH, "Filler", "work_unit", LINE, 1, True, ideal_rate=80)
    products = {"A": ProductFact("A", "Product A", {PATH: 60}, Decimal("0.5"), Decimal("0.2"))}
    shifts = (ShiftSpan("early", "A", at(0), at(480)),)
    runs = (RunSpan(1, at(0), at(450), False, "O1", "A"),)
    facts = Facts(
        "works", ZoneInfo("UTC"), "EUR", machine, SHIFT, at(480), shifts, states, stops, (), counts, runs, products
    )
    return replace(facts, has_orders=True, line_hour=Decimal(360))


def packer() -> Facts:
    """The machine behind: 300 min production while the order was on, nothing else told; 100 of its 16,600 were scrap."""
    states = tuple(
        StateSpan(n, at(s), at(e), False, "works/line/packer", state, d)
        for n, (s, e, state, d) in enumerate(
            [(0, 90, "Suspended", "starved"), (90, 390, "Execute", ""), (390, 480, "Idle", "")], 1
        )
    )
    counts = (CountSpan(2, at(90), at(390), "works/line/packer", 16_600, 16_500, 100, 0, "A", "O1"),)
    machine = Machine(3, "works/line/packer", "Packer", "work_unit", LINE, 2, ideal_rate=90)
    return replace(filler(), machine=machine, states=states, stops=(), counts=counts)


def papers() -> Papers:
    """What ERP, LIMS, CMMS and WMS told of that shift."""
    work = [
        WorkPaper("corrective", "done", at(255), None, at(260), at(300), 80 / 60, 1.0, False),  # two people, 40 min
        WorkPaper("corrective", "done", at(300), None, at(310), at(330), 20 / 60, 0.5, True),
        WorkPaper("preventive", "done", at(-600), at(440), at(440), at(450), 10 / 60, 0.25, False),
        WorkPaper("inspection", "open", at(0), at(100), None, None, None, 3.0, False),
    ]
    orders = [
        OrderPaper("O1", "A", 16_000, at(470), at(460), at(450), 16_500, 170),
        OrderPaper("O2", "A", 16_000, at(400), at(-100), at(430), 16_000, 0),  # full, but late
        OrderPaper("O3", "A", 16_000, at(300), at(200), at(290), 12_000, 0),  # on time, but not full
        OrderPaper("O4", "A", 16_000, at(9000), at(479), None, None, 0),  # planned to end, not finished
    ]
    return Papers(
        SHIFT,
        at(30 * 1440),
        "Line",
        people=(
            Attendance("attendance", at(-30), at(450), 4, "operator"),
            Attendance("work", at(30), at(430), 3.6, "operator"),
        ),
        team=(Attendance("attendance", at(0), at(480), 2, "mechanic"),),
        orders=tuple(orders),
        samples=tuple(SamplePaper(at(60 * n), "A", "O1", n != 3) for n in range(8)),
        values=tuple(_values()),
        work=tuple(work),
        bookings=tuple(Booking(at(450), kind, quantity, "A", "O1") for kind, quantity in BOOKED.items()),
        issues=(
            Booking(at(10), "issue", 20_000, None, "O1", "bottles", 0.05),
            Booking(at(20), "issue", 4_000, None, "O1", "caps", 0.01),
        ),
        stock=(
            StockSpan("bottles", at(-500), at(240), 30_000, 0.05),
            StockSpan("bottles", at(240), at(900), 10_000, 0.05),
            StockSpan("caps", at(-500), at(900), 25_000, 0.01),
        ),
        energy=850.0,
        planned_scrap=170.0,
        since=dict.fromkeys(
            ("people", "worked", "team", "orders", "quality", "maintenance", "material", "stock", "energy"), at(-900)
        ),
    )


BOOKED = {
    "consumed": 17_500.0,
    "integrated": 35.0,
    "production_loss": 700.0,
    "storage_loss": 20.0,
    "transport_loss": 15.0,
    "other_loss": 7.0,
}


def _values() -> list[ValuePaper]:
    """60 values 9, 11, 9, 11, … of 4 to 16 in one order: mean 10, every move 2, s = sqrt(60/59)."""
    return [
        ValuePaper(at(8 * n), PATH, "torque", "A", "O1", 9.0 + 2 * (n % 2), 4.0, 16.0, 2.0 if n else None)
        for n in range(60)
    ]


def line() -> Elements:
    """The line: its constraint's own, what the packer threw out taken from the good, and the sums over both machines."""
    own, behind = filler(), packer()
    counts = (*own.counts, replace(behind.counts[0], produced=0.0, good=-100.0, rework=0.0))
    of_line = replace(own, machine=Machine(1, LINE, "Line", "work_center", LINE), constraint=own.machine, counts=counts)
    of_line = replace(of_line, products={"A": replace(own.products["A"], rates={LINE: 60.0, PATH: 60.0})})
    units = [elements(own), elements(behind)]
    return whole(elements(of_line), units, units[0]).beside(told(Sight(papers(), WHOLE, (SHIFT,), (SHIFT,))))


S = (60 / 59) ** 0.5
EXPECTED = {
    # ISO 22400-2, in its order; times in minutes unless a KPI is told in seconds
    "worker_efficiency": 3.6 * 400 / (4 * 450),
    "allocation_ratio": ((60 + 200 + 40 + 140) + (90 + 300)) / 450,  # busy while the order was on, filler and packer
    "throughput_rate": 17_000 / 7.5,
    "allocation_efficiency": 470 / 470,
    "utilization_efficiency": 340 / 470,
    "oee": 340 / 470 * (17_000 / 60 / 340) * (16_500 / 17_000),
    "nee": 400 / 470 * (17_000 / 60 / 340) * (16_500 / 17_000),
    "availability": 340 / 470,
    "effectiveness": 17_000 / 60 / 340,
    "quality_ratio": 16_500 / 17_000,
    "set_up_rate": 60 / 400,
    "technical_efficiency": 340 / (340 + 70),
    "production_process_ratio": (340 + 300) / 450,
    "actual_to_planned_scrap": 500 / 170,
    "first_pass_yield": 7 / 8,
    "scrap_ratio": 500 / 17_000,
    "rework_ratio": 100 / 17_000,
    "fall_off_ratio": 500 / 17_000,
    "machine_capability": 12 / (6 * S),
    "critical_machine_capability": 6 / (3 * S),
    "process_capability": 12 / (6 * 2 / 1.128),
    "critical_process_capability": 6 / (3 * 2 / 1.128),
    "energy_consumption": 850 / 17_000,
    "inventory_turns": (20_000 * 0.05 + 4_000 * 0.01) / ((30_000 + 10_000) / 2 * 0.05 + 25_000 * 0.01),
    "finished_goods_ratio": 16_500 / 17_500,
    "integrated_goods_ratio": (16_500 + 35) / 17_500,
    "production_loss_ratio": 700 / 17_500,
    "storage_transport_loss_ratio": 35 / 17_500,
    "other_loss_ratio": 7 / 17_500,
    "equipment_load_ratio": 17_000 / (80 * 470),
    "mtbf_iso": (400 + 40) * 60 / 2,
    "mttf_iso": 400 * 60 / 2,
    "mttr_iso": 40 * 60 / 2,
    "corrective_maintenance_ratio": (40 + 20) / (40 + 20 + 10),
    # the same by failures alone, and the ones in use beside the standard
    "mtbf": (400 + 40) * 60,
    "mttf": 400 * 60,
    "mttr": 40 * 60,
    "mtba": 340 * 60 / 2,
    "teep": 17_000 / 60 / 480 * (16_500 / 17_000),
    "ooe": 17_000 / 60 / 480 * (16_500 / 17_000),  # the planned stop lay in the shift
    "throughput": 17_000 / (470 / 60),
    "on_time_in_full": 1 / 3,
    "schedule_adherence": 2 / 3,
    "first_time_fix_rate": 1 / 2,
    "planned_maintenance_percentage": 10 / (80 + 20 + 10),
    "maintenance_schedule_compliance": 1 / 2,
    "backlog_weeks": ((5 * 1.0 + 10 * 0.5 + 440 * 0.25 + 480 * 3.0) / 480) / (2 * 8 * 21),
    "cost_of_poor_quality": 500 * 0.2 + 100 / 60 / 60 * 360,
    "produced": 17_000,
    "good": 16_500,
    "scrap": 500,
}


def test_every_kpi_has_a_worked_example() -> None:
    assert definitions().keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_worked_example(name: str) -> None:
    (figure,) = [f for f in figures(line(), LINE, SHIFT) if f.name == name]
    assert figure.missing == ()
    assert figure.value == pytest.approx(EXPECTED[name], rel=1e-9)


def test_all_thirty_four_of_the_standard_are_there() -> None:
    numbers = {
        part.rpartition(" ")[2]
        for kpi in definitions().values()
        for part in [kpi.source]
        if "ISO 22400-2:2014, no." in part
    }
    assert {str(number) for number in range(1, 35)} <= numbers


def test_without_papers_each_says_what_is_missing_and_who_would_give_it() -> None:
    bare = elements(filler()).beside(told(Sight(Papers(SHIFT, at(480), "Filler"), WHOLE, (SHIFT,), (SHIFT,))))
    found = {figure.name: figure.missing for figure in figures(bare, PATH, SHIFT)}
    assert found["worker_efficiency"][0].startswith("not computable: no personnel times of Filler; the ERP")
    assert "the LIMS (inspection results with limits)" in found["first_pass_yield"][0]
    assert "the CMMS" in found["corrective_maintenance_ratio"][0]
    assert "the WMS" in found["inventory_turns"][0]
    assert found["availability"] == ()


def test_a_system_that_was_joined_in_the_middle_saw_half() -> None:
    late = replace(papers(), since={**papers().since, "people": at(240)})
    made = elements(filler()).beside(told(Sight(late, WHOLE, (SHIFT,), (SHIFT,))))
    (figure,) = [f for f in figures(made, PATH, SHIFT) if f.name == "worker_efficiency"]
    assert (figure.value, figure.coverage) == (None, 0.5)
    assert figure.missing == ("only 50.0 % of the window was seen, 95 % are needed",)
