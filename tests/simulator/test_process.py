"""The simulator as a process of its own: ready, trusted messages only, repaired once, and gone when told to."""

import asyncio
import base64
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook

ROOT = Path(__file__).parents[2]
SECRETS = {name: "whsec_" + base64.b64encode(name.encode() * 8).decode() for name in ("erp", "cmms")}
ORDER = {"key": "order-1", "equipment": "line-2/capper", "part": "chuck", "title": "Replace the chuck", "minutes": 5}


@dataclass
class Running:
    process: asyncio.subprocess.Process
    url: str
    pipe: int

    async def post(
        self, path: str, number: str, data: dict[str, object], secret: str = SECRETS["cmms"]
    ) -> httpx2.Response:
        body, now = json.dumps({"type": "maintenance_order.approved", "data": data}), datetime.now(UTC)
        headers = {
            "webhook-id": number,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(number, now, body),
        }
        async with httpx2.AsyncClient(trust_env=False) as client:
            return await client.post(self.url + path, content=body, headers=headers)

    async def get(self, path: str) -> object:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return (await client.get(self.url + path)).json()


@pytest.fixture
async def running(plant_file, tmp_path) -> AsyncIterator[Running]:
    ready, secrets = tmp_path / "ready.json", tmp_path / "secrets.json"
    secrets.write_text(json.dumps(SECRETS), encoding="utf-8")
    watched, pipe = os.pipe()
    words = ["--plant", plant_file, "--days", 1, "--secrets", secrets, "--ready-file", ready, "--watch-fd", watched]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", *map(str, words), "--quiet", cwd=ROOT, pass_fds=(watched,)
    )  # fmt: skip
    os.close(watched)
    async with asyncio.timeout(60):
        while not ready.exists():  # noqa: ASYNC110  another process writes it
            await asyncio.sleep(0.05)
    yield Running(process, json.loads(ready.read_text())["systems"], pipe)
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_orders_are_taken_once_and_carried_out(running):
    answers = [await running.post("/cmms/webhooks", "id-1", ORDER) for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"taken": True, "repeated": r} for r in (False, True)]
    await asyncio.wait_for(_done(running), 30)
    moves = {"moves": [{"order": "410001", "line": "line-1", "starts_at": "2026-03-27T09:00:00+00:00"}]}
    assert (await running.post("/erp/webhooks", "id-2", moves, SECRETS["erp"])).is_success
    changes = await running.get("/erp/schedule-changes")
    assert [change["id"] for change in changes] == ["id-2"]
    assert (await running.get("/counts"))["writes"] == 0
    assert (await running.post("/erp/webhooks", "id-3", {}, SECRETS["cmms"])).status_code == 401
    assert len(await running.get("/erp/schedule-changes")) == 1
    assert (await running.post("/cmms/down?seconds=0.5", "-", {})).status_code == 204
    assert (await running.post("/cmms/webhooks", "id-4", ORDER)).status_code == 503
    await asyncio.sleep(0.6)
    assert (await running.post("/cmms/webhooks", "id-4", {})).is_success
    running.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(running.process.wait(), 10) == 0


async def _done(running: Running) -> None:
    while True:
        orders = await running.get("/cmms/orders")
        if [order["status"] for order in orders] == ["done"]:
            return
        await asyncio.sleep(0.2)


async def test_it_ends_when_its_parent_is_gone(running):
    os.close(running.pipe)
    assert await asyncio.wait_for(running.process.wait(), 10) == 0


async def test_a_wrong_plant_file_is_said_in_a_line(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--plant", str(tmp_path / "none.yaml"),
        cwd=ROOT, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().count("\n") == 1
    assert "none.yaml" in said.decode()
