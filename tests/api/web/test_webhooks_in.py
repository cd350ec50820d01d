"""A message of another system is trusted by its signature alone, and taken once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mom import clock
from mom.models import WebhookReceipt
from mom.records.signature import sign
from mom.secrets import new_secret

BODY = json.dumps({"type": "order.created", "data": {"number": "4711"}})


@pytest.fixture
def secret(web) -> str:
    made = new_secret()
    path = web.home / "secrets.json"
    path.write_text(json.dumps({"erp": made}))
    path.chmod(0o600)
    return made


async def kept(web) -> int:
    async with web.store.write() as session:
        return await session.scalar(select(func.count()).select_from(WebhookReceipt))


async def test_taken_once(web, secret):
    client = await web.client(None)
    headers = sign(secret, "msg_1", BODY, clock.now())
    first = await client.post("/api/v1/webhooks/in/erp", content=BODY, headers=headers)
    again = await client.post("/api/v1/webhooks/in/erp", content=BODY, headers=headers)
    assert (first.status_code, first.json()["status"]) == (202, "taken")
    assert (again.status_code, again.json()["status"]) == (202, "had it already")
    assert await kept(web) == 1


async def test_any_flipped_bit_is_refused(web, secret):
    client = await web.client(None)
    headers = sign(secret, "msg_2", BODY, clock.now())
    raw, refused = BODY.encode(), 0
    for at in range(0, len(raw) * 8, 7):
        wrong = bytearray(raw)
        wrong[at // 8] ^= 1 << (at % 8)
        answer = await client.post("/api/v1/webhooks/in/erp", content=bytes(wrong), headers=headers)
        refused += answer.status_code == 401
    assert refused == len(range(0, len(raw) * 8, 7))
    assert await kept(web) == 0


@pytest.mark.parametrize("minutes", [-6, 6, -60 * 24 * 8])
async def test_old_and_future_are_refused(web, secret, minutes):
    client = await web.client(None)
    headers = sign(secret, "msg_3", BODY, clock.now() + timedelta(minutes=minutes))
    assert (await client.post("/api/v1/webhooks/in/erp", content=BODY, headers=headers)).status_code == 401


async def test_unknown_oversize_and_unsigned_are_refused(web, secret):
    client = await web.client(None)
    headers = sign(secret, "msg_4", BODY, clock.now())
    assert (await client.post("/api/v1/webhooks/in/nobody", content=BODY, headers=headers)).status_code == 401
    assert (await client.post("/api/v1/webhooks/in/erp", content=BODY)).status_code == 401
    large = json.dumps({"data": "x" * 1_100_000})
    answer = await client.post(
        "/api/v1/webhooks/in/erp", content=large, headers=sign(secret, "msg_5", large, clock.now())
    )
    assert (answer.status_code, await kept(web)) == (422, 0)
