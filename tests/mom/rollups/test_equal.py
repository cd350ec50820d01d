"""Figures from what is kept by the hour are those that the rows give, whatever comes, in whatever order."""

import os
import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from mom.facts import Window
from mom.history.keep_up import keep_up
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements
from mom.rollups.basis import kept_paths
from mom.rollups.keep import advance, refresh
from mom.rollups.read import elements_over
from mom.status import BAD
from mom.store.facts import scene_of
from mom.store.plants import layout_of

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
HOURS = 60
TURNS = int(os.environ.get("LINESIDE_ROLLUP_TURNS", "5"))


def story(draw: random.Random) -> list[tuple[Any, ...]]:
    """Two and a half days of a line: states, alarms, change-overs, counters that are bad at times."""
    readings: dict[tuple[str, int], tuple[Any, ...]] = {}
    for machine in ("filler", "packer"):
        at, good, scrap, bad = 0.0, 0, 0, False
        while at < HOURS * 3600:
            at += draw.expovariate(1 / draw.choice((60, 900, 6000)))
            bad = draw.random() < (0.6 if bad else 0.02)
            good, scrap = good + draw.randrange(60), scrap + draw.randrange(4)
            told = [
                (f"{machine}.state", at, draw.choice((1, 1, 1, 2, 3, 4, 5, 6, 7)), draw.choices((0, BAD), (30, 1))[0]),
                (f"{machine}.good", at + 1, good, BAD if bad else 0),
                (f"{machine}.scrap", at + 2, scrap),
            ]
            if draw.random() < 0.2:
                told.append((f"{machine}.set_up", at, draw.choice((0, 1))))
                told.append((f"{machine}.reason", at + 1, draw.choice((0, 10, 11))))
            for one in told:
                readings.setdefault((one[0], int(one[1])), (one[0], int(one[1]), *one[2:]))
    for number in range(8):
        at = draw.randrange(HOURS * 3600)
        readings["line.product", at] = ("line.product", at, draw.choice((1, 2)))
        readings["line.order", at] = ("line.order", at, 4000 + number)
    return sorted(readings.values(), key=lambda one: one[1])


def batches(readings: list[tuple[Any, ...]], draw: random.Random) -> list[list[tuple[Any, ...]]]:
    """Mostly in order, some hours late, some told twice."""
    late = sorted(readings, key=lambda r: r[1] + (draw.expovariate(1 / 20_000) if draw.random() < 0.1 else 0))
    late += draw.sample(readings, len(readings) // 10)
    size = len(late) // 8
    return [late[at : at + size] for at in range(0, len(late), size)]


async def both(works: Any, window: Window, now: datetime) -> tuple[dict[str, Elements], dict[str, Elements]]:
    async with works.store.read() as session:
        layout = await layout_of(session, works.site_id)
        paths = kept_paths(layout)
        kept = await elements_over(session, layout, paths, window, now)
        scene = await scene_of(session, layout, window, now, only=paths)
    return kept, {path: elements(scene.facts[path]) for path in paths}


def same(kept: Elements, rows: Elements) -> bool:
    numbers = [(kept.seconds, rows.seconds), (kept.seen, rows.seen), (kept.uncounted, rows.uncounted)]
    numbers += [(kept.values.get(n, 0.0), rows.values.get(n, 0.0)) for n in {*kept.values, *rows.values}]
    numbers += [(kept.rows.get(n, 0), rows.rows.get(n, 0)) for n in ("states", "stops", "runs")]
    close = all(abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b)) for a, b in numbers)
    return close and dict(kept.missing) == dict(rows.missing)


async def step(works: Any, now: datetime) -> int:
    async with works.store.write.begin() as session:
        return (await advance(session, works.site_id, now)).made


@pytest.fixture(params=["set-up is told", "set-up follows from counts"])
async def line(request: Any, make_works: Any) -> Any:
    """The line; in the second form its machines tell no set-up mode."""
    works = await make_works()
    if request.param != "set-up is told":
        await works.connection.execute("UPDATE tags SET active = false WHERE meaning = 'set_up'")
    return works


@pytest.mark.timeout(300)
async def test_late_repeated_reordered_and_corrected(line: Any) -> None:
    works = line
    seed = int(os.environ.get("LINESIDE_SEED", random.randrange(2**32)))
    draw = random.Random(seed)
    print(f"seed {seed}")
    made, now = 0, START
    for batch in batches(story(draw), draw):
        now = max(now, START + timedelta(seconds=max(r[1] for r in batch) + 1))
        await works.put(*batch)
        if draw.random() < 0.3:
            start = draw.uniform(0, batch[-1][1])
            await works.gap(start, start + draw.uniform(60, 9000), draw.choice((None, "filler.good")))
        while await keep_up(works.store, now):
            pass
        if draw.random() < 0.3:
            await correct(works, draw)
        if draw.random() < 0.5:
            async with works.store.write.begin() as session:
                await refresh(session, works.site_id, now, draw.choice((3, 64)))
        if draw.random() < 0.7:
            made += await step(works, now)
        for _ in range(TURNS):
            start = START + timedelta(seconds=draw.uniform(-40_000, HOURS * 3000))
            window = Window(start, start + timedelta(seconds=draw.uniform(7 * 3600, HOURS * 3600)))
            kept, rows = await both(works, window, max(now, window.start + timedelta(hours=1)))
            for path in kept:
                assert same(kept[path], rows[path]), f"seed {seed}: {path} in {window}\n{kept[path]}\n{rows[path]}"
    assert made > 0


async def correct(works: Any, draw: random.Random) -> None:
    """A person names a stop, or a count is put right, behind everybody's back."""
    async with works.store.write.begin() as session:
        await session.execute(
            text(
                "UPDATE stops SET reason = :reason, reason_by = 'person' WHERE id IN (SELECT id FROM stops"
                " WHERE superseded_at IS NULL AND ended_at IS NOT NULL ORDER BY md5(id::text || :salt) LIMIT 3)"
            ),
            {"reason": draw.choice(("planned cleaning", "jam")), "salt": str(draw.random())},
        )
        await session.execute(
            text("UPDATE counts SET good = good + 1, produced = produced + 1 WHERE id % 97 = :n AND good > 0"),
            {"n": draw.randrange(97)},
        )
