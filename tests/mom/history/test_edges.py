"""TRUST A6 and A8 together: what comes late, twice and in any order where a shift, a day or an hour of daylight saving ends
gives the rows and the figures that it gives in order, and the figures of the parts add up to the whole."""

import os
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from mom.facts import Window
from mom.history.calendar import days_of
from mom.history.keep_up import keep_up
from mom.kpis.board import elements_of
from mom.kpis.kpi import Elements
from mom.kpis.scope import Scope
from mom.rollups.keep import keep_hours
from mom.store.plants import layout_of

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
TURNS = int(os.environ.get("LINESIDE_EDGES", "1"))
SHIFTS = [("early", "06:00", "14:00"), ("late", "14:00", "22:00"), ("night", "22:00", "06:00")]
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
EDGES = {
    "a shift's end": "2026-03-03T13:00:00+00:00",
    "a day's end, within the night shift": "2026-03-04T23:00:00+00:00",
    "the hour that is left out": "2026-03-29T01:00:00+00:00",
    "the hour that comes twice": "2026-10-25T01:00:00+00:00",
}
ROWS = {
    "state_intervals": "equipment_id, state, detail, mode, started_at, ended_at",
    "stops": "equipment_id, state, reason, reason_by, started_at, ended_at",
    "runs": '"order", product, started_at, ended_at',
}
COUNTS = 'equipment_id, started_at, ended_at, produced, good, scrap, product, "order", shift'
EMPTY = """readings, touched, gaps, state_intervals, stops, alarms, runs, scrap_counts, counts, counter_events, losses, rollups,
    rollup_marks, rollup_bases"""


@pytest.fixture
async def night_works(make_works: Any) -> Any:
    """The plant, at work around the clock."""
    shifts = [{"name": name, "start": start, "end": end, "days": WEEK} for name, start, end in SHIFTS]
    return await make_works(
        [("calendar", {"shifts": shifts, "rotation": {"crews": ["A", "B", "C"], "anchor": "2026-01-05"}})]
    )


def story(draw: random.Random, edge: float) -> list[tuple[Any, ...]]:
    """Seven hours around the edge (seconds from START), some readings right on it and right beside it."""
    seen: dict[tuple[str, float], tuple[Any, ...]] = {}
    good, scrap = dict.fromkeys(("filler", "packer"), 0), dict.fromkeys(("filler", "packer"), 0)
    times = [edge + draw.uniform(-3.5, 3.5) * 3600 for _ in range(40)]
    times += [edge + beside for beside in (-60, -1, 0, 0.001, 1, 59, 60, 3599, 3600)]
    for at in sorted(round(at, 3) for at in times):
        machine = draw.choice(("filler", "packer"))
        good[machine] += draw.randrange(60)
        scrap[machine] += draw.randrange(4)
        told: list[tuple[Any, ...]] = [(f"{machine}.good", at, good[machine]), (f"{machine}.scrap", at, scrap[machine])]
        if draw.random() < 0.7:
            status = draw.choices((0, 0x80050000), (15, 1))[0]
            told.append((f"{machine}.state", at, draw.choice((1, 1, 1, 2, 3, 4, 5, 7)), status))
        if draw.random() < 0.2:
            told += [(f"{machine}.set_up", at, draw.choice((0, 1))), (f"{machine}.reason", at, draw.choice((0, 10)))]
        if draw.random() < 0.15:
            told += [("line.order", at, draw.randrange(4000, 4004)), ("line.product", at, draw.choice((1, 2)))]
        for one in told:
            seen.setdefault(one[:2], one)
    return sorted(seen.values(), key=lambda one: one[1])


def way(readings: Sequence[tuple[Any, ...]], draw: random.Random) -> list[list[tuple[Any, ...]]]:
    """In no order, or some of it late; a fifth twice; in batches."""
    order = draw.sample(list(readings), len(readings))
    if draw.random() < 0.5:
        order = sorted(readings, key=lambda one: one[1] + (draw.expovariate(1 / 5000) if draw.random() < 0.3 else 0))
    order += draw.sample(list(readings), len(readings) // 5)
    size = draw.choice((7, 40, len(order)))
    return [order[at : at + size] for at in range(0, len(order), size)]


async def figures(works: Any, whole: Window, now: datetime) -> dict[str, Elements]:
    """The elements of the line: of the whole, its days, and of each shift by name."""
    async with works.store.read() as session:
        layout = await layout_of(session, works.site_id)
        parts = {
            f"day {n}": cut
            for n, day in enumerate(days_of(layout.zone, whole))
            if (cut := whole.cut(day.start, day.end))
        }
        made = {
            name: await elements_of(session, layout, "works/line", window, now)
            for name, window in {"whole": whole, **parts}.items()
        }
        for name, *_ in SHIFTS:
            made[name] = await elements_of(session, layout, "works/line", whole, now, Scope(shift=name))
    return made


async def settled(works: Any, now: datetime) -> None:
    while await keep_up(works.store, now):
        pass


async def rows(works: Any) -> dict[str, Any]:
    found = {name: sorted(await works.rows(name, columns), key=repr) for name, columns in ROWS.items()}
    counted = await works.rows("counts", COUNTS, "source = 'plc' AND produced + good + scrap <> 0")
    return {**found, "counts": sorted(counted, key=repr)}


def same(found: Elements, expected: Elements, which: str) -> None:
    assert found.missing.keys() == expected.missing.keys(), which
    assert dict(found.values) == pytest.approx(dict(expected.values), rel=1e-9, abs=1e-6), which
    assert (found.seconds, found.seen) == pytest.approx((expected.seconds, expected.seen), abs=1e-6), which


@pytest.mark.parametrize("edge", EDGES)
async def test_any_order_around_an_edge_gives_the_same_rows_and_figures(night_works: Any, edge: str) -> None:
    seed = int(os.environ.get("LINESIDE_SEED", random.randrange(2**32)))
    print(f"seed {seed}")
    draw, works = random.Random(seed), night_works
    at = datetime.fromisoformat(EDGES[edge])
    whole = Window(at - timedelta(hours=14), at + timedelta(hours=14))
    now = at + timedelta(days=2)
    for turn in range(TURNS):
        readings = story(draw, (at - START).total_seconds())
        await works.connection.execute(f"TRUNCATE {EMPTY} CASCADE")
        await works.put(*readings)
        await settled(works, now)
        expected, told = await rows(works), await figures(works, whole, now)
        assert expected["state_intervals"] and expected["counts"] and told["whole"].values["PQ"] > 0
        for parts in ([name for name in told if name.startswith("day")], [name for name, *_ in SHIFTS]):
            added = sum((told[name] for name in parts[1:]), told[parts[0]])
            if not added.missing:
                same(added, told["whole"], f"seed {seed}, turn {turn}: {' + '.join(parts)}")
        for number in range(3):
            which = f"seed {seed}, turn {turn}, way {number}"
            await works.connection.execute(f"TRUNCATE {EMPTY} CASCADE")
            for batch in way(readings, draw):
                await works.put(*batch)
                if draw.random() < 0.4:
                    await settled(works, now)
                    while draw.random() < 0.5 and await keep_hours(works.store, now):
                        pass
            await settled(works, now)
            assert await rows(works) == expected, which
            for name, found in (await figures(works, whole, now)).items():
                same(found, told[name], f"{which}, {name}")
