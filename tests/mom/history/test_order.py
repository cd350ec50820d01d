"""TRUST A6: readings late, repeated and reordered end in the same rows as readings in order."""

import os
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from mom.history.keep_up import keep_up

ORDERS = int(os.environ.get("LINESIDE_ORDERS", "200"))
"""Random orders; the long form takes 2,000."""
LATER = datetime(2026, 3, 3, tzinfo=UTC)
TABLES = {
    "state_intervals": ("equipment_id, state, detail, mode, started_at, ended_at", "superseded_at IS NULL"),
    "stops": ("equipment_id, state, reason, reason_by, started_at, ended_at", "superseded_at IS NULL"),
    "alarms": ("tag_id, code, text, stops, started_at, ended_at", "superseded_at IS NULL"),
    "losses": (
        "equipment_id, kind, reason, started_at, ended_at",
        "superseded_at IS NULL AND rule IN ('stop', 'set_up')",
    ),
    "runs": ('"order", product, started_at, ended_at', "superseded_at IS NULL"),
    "counts": (
        'equipment_id, started_at, ended_at, produced, good, scrap, product, "order", shift, key',
        "source = 'plc' AND produced + good + scrap <> 0",
    ),
}


def story(draw: random.Random) -> list[tuple[Any, ...]]:
    """An hour or two of a line, with everything that machines do."""
    readings: list[tuple[Any, ...]] = []
    length = draw.choice((1800, 7200, 40_000))
    for machine in ("filler", "packer"):
        at, good, scrap = 0.0, draw.randrange(2**32 - 3000, 2**32), draw.randrange(65_000, 65_536)
        while at < length:
            at += draw.expovariate(1 / (length / 15))
            at = round(at, draw.choice((0, 3)))
            status = draw.choices((0, 0x40000000, 0x80050000), (20, 1, 1))[0]
            readings.append((f"{machine}.state", at, draw.choice((1, 1, 1, 2, 3, 4, 5, 6, 7, 99)), status))
            if draw.random() < 0.4:
                readings.append((f"{machine}.alarm", at + draw.choice((-20, 0, 3)), draw.choice((0, 7, 8))))
            if draw.random() < 0.4:
                readings.append((f"{machine}.reason", at + draw.choice((-2, 0, 40)), draw.choice((0, 10, 11))))
            if draw.random() < 0.15:
                readings.append((f"{machine}.set_up", at, draw.choice((0, 1))))
            good = (good + draw.randrange(0, 60)) % 2**32 if draw.random() > 0.03 else draw.randrange(0, 100)
            scrap = (scrap + draw.randrange(0, 4)) % 2**16
            readings += [(f"{machine}.good", at, good), (f"{machine}.scrap", at + 1, scrap)]
    for at in sorted(draw.uniform(0, length) for _ in range(4)):
        readings += [("line.order", at, draw.randrange(4000, 4010)), ("line.product", at, draw.choice((0, 1, 2)))]
    for name in ("press.alarm", "press.door"):
        readings += [(name, draw.uniform(0, length), draw.choice((0, 1))) for _ in range(8)]
    seen: dict[tuple[str, float], tuple[Any, ...]] = {}
    for reading in readings:
        seen.setdefault(reading[:2], reading)
    return sorted(seen.values(), key=lambda r: r[1])


def shuffled(readings: list[tuple[Any, ...]], draw: random.Random) -> list[list[tuple[Any, ...]]]:
    """Batches: mostly in order, some late, some twice, in pieces of any size; or in no order at all."""
    if draw.random() < 0.3:
        order = draw.sample(readings, len(readings))
    else:
        order = sorted(readings, key=lambda r: r[1] + (draw.expovariate(1 / 3000) if draw.random() < 0.2 else 0))
    order += draw.sample(readings, len(readings) // 5)
    batches = []
    while order:
        size = draw.choice((5, 60, 300))
        batches.append(order[:size])
        order = order[size:]
    return batches


@pytest.mark.timeout(1200)
async def test_any_order_ends_in_the_same_rows(works: Any) -> None:
    seed = int(os.environ.get("LINESIDE_SEED", random.randrange(2**32)))
    draw = random.Random(seed)
    print(f"seed {seed}")
    for turn in range(ORDERS // 8):
        readings = story(draw)
        gap = (draw.uniform(0, 1500), draw.uniform(1500, 2500)) if draw.random() < 0.5 else None
        await _forget(works)
        if gap:
            await works.gap(*gap)
        await works.put(*readings)
        await _derive_all(works)
        expected = await _all_rows(works)
        for _ in range(8):
            await _forget(works)
            batches = shuffled(readings, draw)
            when = draw.randrange(len(batches))
            for number, batch in enumerate(batches):
                if gap and number == when:
                    await works.gap(*gap)
                await works.put(*batch)
                if draw.random() < 0.5:
                    await _derive_all(works)
            await _derive_all(works)
            assert await _all_rows(works) == expected, f"seed {seed}, turn {turn}"


async def _derive_all(works: Any) -> None:
    while await keep_up(works.store, LATER):
        pass


async def _all_rows(works: Any) -> dict[str, Any]:
    found = {name: await works.rows(name, *query) for name, query in TABLES.items()}
    scrap = "SELECT c.started_at, c.equipment_id, s.reason, s.quantity FROM scrap_counts s JOIN counts c ON c.id = s.count_id"
    events = "SELECT tag_id, at, kind, before, after, bits FROM counter_events ORDER BY 1, 2"
    found["scrap"] = await (await works.connection.execute(f"{scrap} ORDER BY 1, 2, 3")).fetchall()
    found["events"] = await (await works.connection.execute(events)).fetchall()
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


async def _forget(works: Any) -> None:
    names = [
        "readings",
        "touched",
        "gaps",
        "state_intervals",
        "stops",
        "alarms",
        "runs",
        "scrap_counts",
        "counts",
        "counter_events",
        "losses",
    ]
    await works.connection.execute("; ".join(f"DELETE FROM {name}" for name in names))
