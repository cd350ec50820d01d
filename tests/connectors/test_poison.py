"""One poisoned value costs one row: it waits in a list with its reason, the others are stored."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from connectors.connector import Connector, Reading

START = datetime(2026, 8, 1, tzinfo=UTC)
POISON = {
    "not a number": ("n", START, float("nan"), 0, "not a finite number"),
    "infinite": ("n", START, float("-inf"), 0, "not a finite number"),
    "NUL": ("t", START, "a\0b", 0, "NUL"),
    "half a surrogate": ("t", START, "a\ud800", 0, "surrogate"),
    "huge integer": ("n", START, 10**400, 0, "too large"),
    "a text for a number": ("n", START, "12", 0, "expected a number"),
    "a number for a text": ("t", START, 12, 0, "expected a text"),
    "a list": ("n", START, [1, 2], 0, "expected a number"),
    "bytes": ("t", START, b"\xff\0", 0, "expected a text"),
    "a very long text": ("t", START, "x" * 100_000, 0, "characters"),
    "a time without zone": ("n", datetime(2026, 8, 1), 1.0, 0, "with its zone"),
    "no time at all": ("n", "yesterday", 1.0, 0, "with its zone"),
    "no status": ("n", START, 1.0, None, "status"),
    "a huge status": ("n", START, 1.0, 1 << 70, "status"),
    "an unknown tag": ("nobody", START, 1.0, 0, "no such tag"),
    "a tag that cannot be written": ("\ud800\0", START, 1.0, 0, "no such tag"),
}


class Saying(Connector):
    """Says one batch, then lives on in silence."""

    batch: tuple

    async def readings(self):
        yield list(self.batch)
        while True:
            await asyncio.sleep(0.1)
            yield []


@pytest.mark.parametrize("kind", POISON)
async def test_a_poisoned_value_costs_one_row(kind, plant, collecting, rows, until):
    *poison, reason = POISON[kind]
    tags = [{"id": "n", "address": "holding:0"}, {"id": "t", "address": "holding:1:8", "type": "text"}]
    good = [Reading("n", START + timedelta(seconds=n), float(n)) for n in range(1, 1000)]
    batch = (*good[:500], Reading(*poison), *good[500:])
    there = plant({"protocol": "modbus", "host": "x", "tags": tags})
    async with collecting(there, make=lambda block: Saying(tags=block.tags, batch=batch)) as collector:
        await until(lambda: collector.stored + collector.waiting == 1000)
    assert await rows("SELECT count(*), sum(number) FROM readings") == [(999, 999 * 1000 / 2)]
    [(source, noun, text, body)] = await rows("SELECT source, noun, reason, body FROM waiting_items")
    assert (source, noun) == ("c1" if poison[0] in "nt" else "collector", "readings")
    assert reason in text
    assert len(body) < 2_000
