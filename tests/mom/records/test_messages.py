"""A message that was taken becomes rows once: repeated, late, killed in between; forged ones are not taken."""

import asyncio
import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mom.errors import BadInput, NotSignedIn
from mom.models import Equipment, Site
from mom.records.arrive import arrive
from mom.records.receipts import handle_receipts
from mom.records.replay import replay
from mom.records.signature import sign, verify
from mom.secrets import new_secret

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("LINESIDE_KILLS", "3"))
SYSTEMS = [
    {"id": "erp", "mapping": "examples/webhooks/erp.yaml"},
    {"id": "cmms", "mapping": "examples/webhooks/cmms.yaml"},
]
ORDER = {"key": "4711", "product": "WAT", "quantity": 100, "due_at": "2026-08-30T12:00:00+00:00", "line": "line-1"}


@pytest.fixture
async def site(database) -> int:
    async with database.write.begin() as session:
        row = Site(code="plant", name="Plant", time_zone="Europe/Vienna", plant={"systems": SYSTEMS})
        session.add(row)
        await session.flush()
        session.add(Equipment(site_id=row.id, path="plant/line-1", code="line-1", name="Line 1", level="work_center"))
        return row.id


def message(kind: str, at: datetime, **data: object) -> bytes:
    return json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}).encode()


async def deliver(database, site, number, body, source="erp"):
    async with database.write.begin() as session:
        return await arrive(session, site, source, number, body)


async def test_a_repeated_message_changes_nothing_and_a_later_one_only_what_it_tells(database, site, rows, now):
    first = message("production_order", now, **ORDER, status="released")
    assert await deliver(database, site, "m1", first) and not await deliver(database, site, "m1", first)
    assert await handle_receipts(database, now, ROOT) == 1
    await deliver(
        database, site, "m2", message("production_order", now + timedelta(hours=2), key="4711", status="running")
    )
    await deliver(
        database, site, "m3", message("production_order", now + timedelta(hours=1), key="4711", status="planned")
    )
    assert await handle_receipts(database, now + timedelta(hours=3), ROOT) == 2
    current = "SELECT product, quantity, line, status FROM production_orders WHERE upper_inf(recorded)"
    assert await rows(current) == [("WAT", 100, "plant/line-1", "running")]
    assert len(await rows("SELECT FROM production_orders")) == 2
    outcomes = await rows("SELECT outcome FROM webhook_receipts ORDER BY id")
    assert [row[0] for row in outcomes] == [
        "1 stored, 0 unchanged, 0 waiting", "1 stored, 0 unchanged, 0 waiting", "0 stored, 1 unchanged, 0 waiting",
    ]  # fmt: skip


async def test_a_maintenance_order_keeps_the_proposal_that_it_came_from(database, site, rows, now):
    async with await database.connect() as connection:
        await connection.execute(
            "INSERT INTO maintenance_orders (site_id, source, key, equipment, title, proposal_id, failure_mode) "
            "VALUES (%s, 'cmms', 'lineside-proposal-3', 'plant/line-1', 'Replace the chuck', 3, 'jams')",
            [site],
        )
    told = {"key": "lineside-proposal-3", "number": "WO-1", "equipment": "line-1", "title": "Replace the chuck"}
    await deliver(
        database,
        site,
        "a",
        message("maintenance_order", now, **told, status="in work", started_at=now.isoformat()),
        "cmms",
    )
    end = now + timedelta(hours=1)
    await deliver(
        database,
        site,
        "b",
        message("maintenance_order", end, **told, status="done", ended_at=end.isoformat(), hours=1),
        "cmms",
    )
    assert await handle_receipts(database, end, ROOT) == 2
    found = await rows(
        "SELECT status, proposal_id, failure_mode, started_at IS NOT NULL, hours, more ->> 'number' "
        "FROM maintenance_orders WHERE upper_inf(recorded)"
    )
    assert found == [("done", 3, "jams", True, 1.0, "WO-1")]


@pytest.mark.parametrize(
    ("source", "body", "said"),
    [
        ("erp", b"{", "is not JSON"),
        ("erp", b"[1]", "expected a JSON object"),
        ("erp", b'\xff\xfe"\x00', "is not JSON"),
        ("wms", b'{"type": "x", "data": {}}', "names none for 'wms'"),
        (
            "erp",
            message("production_order", datetime(2026, 1, 1, tzinfo=UTC), key="1", product="A", quantity="many"),
            "expected a number",
        ),
        (
            "erp",
            message(
                "production_order", datetime(2026, 1, 1, tzinfo=UTC), key="1", product="A", quantity=1, line="moon"
            ),
            "no equipment",
        ),
    ],
)
async def test_a_message_that_does_not_fit_waits_whole(database, site, rows, now, source, body, said):
    await deliver(database, site, "x", body, source)
    assert await handle_receipts(database, now, ROOT) == 1
    ((reason, kept),) = await rows("SELECT reason, body FROM waiting_items")
    assert said in reason and kept
    again = await replay(database, site, None, "user:1", now, ROOT)
    assert (again.stored, len(again.waiting)) == (0, 1)


async def test_a_waiting_message_comes_in_when_its_equipment_is_there(database, site, rows, now):
    await deliver(database, site, "x", message("production_order", now, **ORDER | {"line": "line-2"}))
    await handle_receipts(database, now, ROOT)
    async with database.write.begin() as session:
        session.add(Equipment(site_id=site, path="plant/line-2", code="line-2", name="Line 2", level="work_center"))
    assert (await replay(database, site, None, "user:1", now, ROOT)).stored == 1
    assert await rows("SELECT key, line FROM production_orders") == [("4711", "plant/line-2")]


async def test_nothing_taken_is_lost_or_done_twice_when_the_worker_is_killed(database, site, rows, now):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance, total = random.Random(seed), 40 * KILLS
    for number in range(total):
        await deliver(database, site, f"m{number}", message("production_order", now, **ORDER | {"key": f"o{number}"}))
    code = (
        "import asyncio, sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from mom.database.access import engines\nfrom mom.records.receipts import handle_receipts\n"
        "async def main():\n    async with engines(sys.argv[1]) as store:\n        print('go', flush=True)\n"
        "        while await handle_receipts(store, datetime.now(UTC), Path(sys.argv[2])): pass\n"
        "asyncio.run(main())\n"
    )
    fired = 0
    for _ in range(KILLS):
        words = [sys.executable, "-c", code, database.dsn, str(ROOT)]
        worker = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        assert worker.stdout is not None
        await worker.stdout.readline()
        await asyncio.sleep(chance.uniform(0.0, 0.15))
        fired += worker.returncode is None
        worker.kill()
        await worker.wait()
    assert fired, "no kill met a living worker"
    while await handle_receipts(database, now, ROOT):
        pass
    assert await rows("SELECT count(*), count(DISTINCT key) FROM production_orders") == [(total, total)]
    assert await rows("SELECT count(*) FROM webhook_receipts WHERE handled_at IS NULL") == [(0,)]


def test_only_what_was_signed_by_the_secret_is_trusted():
    now, secret, body = datetime.now(UTC), new_secret(), '{"type": "a"}'
    headers = sign(secret, "m-1", body, now)
    assert verify(secret, headers, body.encode()) == "m-1"
    refused = 0
    for position in range(len(body)):
        for bit in range(8):
            flipped = bytearray(body.encode())
            flipped[position] ^= 1 << bit
            with pytest.raises(NotSignedIn):
                verify(secret, headers, bytes(flipped))
            refused += 1
    assert refused == 8 * len(body)
    forged = [
        headers | {"webhook-id": "m-2"},
        headers | {"webhook-id": "x" * 500},
        headers | {"webhook-id": "a\x00b"},
        headers | {"webhook-timestamp": str(int(now.timestamp()) + 1)},
        headers | {"webhook-timestamp": "soon"},
        headers | {"webhook-signature": "v1,AAAA"},
        headers | {"webhook-signature": "é"},
        headers | {"webhook-signature": ""},
        {name: value for name, value in headers.items() if name != "webhook-id"},
        sign(secret, "m-1", body, now - timedelta(minutes=6)),
        sign(secret, "m-1", body, now + timedelta(minutes=6)),
        sign(new_secret(), "m-1", body, now),
    ]
    for one in forged:
        with pytest.raises(NotSignedIn):
            verify(secret, one, body.encode())


async def test_a_message_over_a_megabyte_is_refused(database, site):
    with pytest.raises(BadInput, match="at most"):
        await deliver(database, site, "big", b"x" * 1_000_001)
