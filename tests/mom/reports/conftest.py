"""A shift as the report sees it, made up: two lines, losses, orders, notes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mom.facts import Window
from mom.figures import Figure, Source
from mom.reports.report import Period
from mom.reports.shift_facts import LineShift, LossLine, ScrapLine, ShiftFacts, Written
from mom.store.answers import Answer, Helped
from mom.store.orders import OpenOrder

START = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
END = START + timedelta(hours=8)
NASTY = '<script>alert("x")</script> & #let x = 1; $100'


def figure(
    name: str, value: float | None, coverage: float = 1.0, missing: tuple[str, ...] = (), note: str = ""
) -> Figure:
    titles = {"oee": "OEE", "availability": "Availability", "effectiveness": "Performance", "quality_ratio": "Quality"}
    unit = "pcs" if name in ("good", "scrap", "produced") else "1"
    return Figure(
        name,
        value,
        unit,
        START,
        END,
        coverage,
        "as ISO 22400-2 says",
        Source(480, "/api/v1/rows/counts"),
        missing,
        note,
        titles.get(name, name),
    )


def loss(number: int, title: str, minutes: float, money: str | None, machine: str = "Capper 2") -> LossLine:
    start = START + timedelta(minutes=23 * number)
    return LossLine(
        number,
        title,
        machine,
        "breakdown",
        start,
        start + timedelta(minutes=minutes),
        60 * minutes,
        200 * minutes,
        Decimal(money) if money else None,
        "proposed" if number == 1 else "new",
        "",
    )


LOSSES = (
    loss(1, "Capper 2 jams again and again", 42, "3180"),
    loss(2, "Reduced speed on Filler 1", 61, "1240", "Filler 1"),
    loss(3, "Change-over to Still water 1.5 l took 22 min longer", 22, "610", "Filler 1"),
    loss(4, "Stop without a reason", 9, "190", "Packer 1"),
    loss(5, NASTY, 3, "40", "Labeller 1"),
    loss(6, "Scrap: underfilled", 0, "22.5", "Filler 1"),
    loss(7, "Air pressure low", 12, None, "Air compressor"),
)
ANSWERS = (
    Answer(
        4,
        1,
        "Replace the chuck on Capper 2, tonight 22:10, 25 min",
        "done",
        "M. Huber",
        START + timedelta(hours=3),
    ),
    Answer(5, 2, "Set Filler 1 back to 300 bottles/min", "pending", None, None),
)
EFFECTS = (Helped("New format part for 1.5 l", "better", "min", 41.0, 24.5, 9.0, 22.0, Decimal("212"), START),)
ORDERS = (
    OpenOrder(
        "4711",
        "WAT-050",
        120_000,
        END - timedelta(hours=1),
        "running",
        "Line 1",
        START,
        END + timedelta(hours=2),
        START,
        98_400,
    ),
    OpenOrder(
        "4712",
        "OJ-075",
        60_000,
        END + timedelta(hours=9),
        "running",
        "Line 2",
        START,
        END + timedelta(hours=4),
        START,
        31_000,
    ),
    OpenOrder(
        "4713",
        "LEM-050",
        80_000,
        END + timedelta(days=2),
        "released",
        "Line 1",
        None,
        END + timedelta(hours=20),
        None,
        None,
    ),
)
SCRAP = (ScrapLine("Line 1", "underfilled", 702), ScrapLine("Line 1", "label skew", 434))
REPAIRS = (Written(START + timedelta(hours=4), "Capper 2", "Chuck replaced. Test run ok."),)
NOTES = (Written(START + timedelta(hours=6), "Line 1", f"Labels of lot L-88 tear. {NASTY}"),)


@pytest.fixture
def shift_facts() -> ShiftFacts:
    figures = {
        "oee": figure("oee", 0.713, 0.982),
        "availability": figure("availability", 0.802, 0.982),
        "effectiveness": figure("effectiveness", 0.905),
        "quality_ratio": figure("quality_ratio", 0.982),
        "produced": figure("produced", 63_120),
        "good": figure("good", 61_984),
        "scrap": figure("scrap", 1_136),
    }
    before = {"oee": figure("oee", 0.741), "availability": figure("availability", 0.83)}
    missing = ("not computable: the link to line-2-plc was down from 16:10 to 18:52",)
    dark = {name: figure(name, None, 0.66, missing) for name in figures}
    return ShiftFacts(
        site="Springfield Beverages",
        zone=ZoneInfo("Europe/Vienna"),
        currency="EUR",
        unit="bottles",
        period=Period(Window(START, END), "late", "B"),
        now=END + timedelta(minutes=2),
        lines=(
            LineShift("springfield/line-1", "Line 1", figures, before),
            LineShift("springfield/line-2", "Line 2", dark, before),
        ),
        losses=LOSSES,
        answers=ANSWERS,
        effects=EFFECTS,
        orders=ORDERS,
        scrap=SCRAP,
        repairs=REPAIRS,
        notes=NOTES,
    )
