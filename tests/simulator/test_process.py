"""The simulator as a process of its own: ready, trusted messages only, repaired once, and gone when told to."""

import asyncio
import base64
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook

from simulator.systems.inbox import Inbox

ROOT = Path(__file__).parents[2]
SECRETS = {name: "whsec_" + base64.b64encode(name.encode() * 8).decode() for name in ("erp", "cmms")}
ORDER = {"key": "order-1", "equipment": "line-2/capper", "part": "chuck", "title": "Replace the chuck", "minutes": 5}


class Product:
    """Takes signed webhooks as the product does; refuses the first, so that it has to be sent again."""

    def __init__(self) -> None:
        self.inboxes = {name: Inbox(secret) for name, secret in SECRETS.items()}
        self.refused = False
        self.news = asyncio.Event()

    def said(self, system: str) -> list[dict[str, object]]:
        return [message.data for message in self.inboxes[system].messages.values()]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head.split("\r\n")[1:])}
        body = await reader.readexactly(int(headers["content-length"]))
        if self.refused:
            self.inboxes[head.split(" ")[1].removeprefix("/api/v1/webhooks/in/")].take(body, headers)
        writer.write(
            b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            % (b"204 ok" if self.refused else b"503 no")
        )
        self.refused = True
        self.news.set()
        await writer.drain()
        writer.close()


@pytest.fixture
async def product() -> AsyncIterator[tuple[Product, str]]:
    product = Product()
    server = await asyncio.start_server(product.answer, "127.0.0.1", 0)
    yield product, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


@dataclass
class Running:
    process: asyncio.subprocess.Process
    url: str
    pipe: int
    product: Product

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
async def running(plant_file, tmp_path, product) -> AsyncIterator[Running]:
    ready, secrets = tmp_path / "ready.json", tmp_path / "secrets.json"
    secrets.write_text(json.dumps(SECRETS), encoding="utf-8")
    watched, pipe = os.pipe()
    past_ends = datetime.now(UTC) - timedelta(hours=4)
    words = ["--plant", plant_file, "--days", 1, "--secrets", secrets, "--ready-file", ready, "--watch-fd", watched]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", *map(str, words), "--quiet", "--past-ends", past_ends.isoformat(),
        "--product-url", product[1], cwd=ROOT, pass_fds=(watched,)
    )  # fmt: skip
    os.close(watched)
    async with asyncio.timeout(60):
        while not ready.exists():
            await asyncio.sleep(0.05)
    yield Running(process, json.loads(ready.read_text())["systems"], pipe, product[0])
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_orders_are_taken_once_and_carried_out(running):
    answers = [await running.post("/cmms/webhooks", "id-1", ORDER) for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"taken": True, "repeated": r} for r in (False, True)]
    await asyncio.wait_for(_done(running), 30)
    async with asyncio.timeout(30):
        while len(states := [j["status"] for j in running.product.said("cmms") if j["key"] == "order-1"]) < 2:
            running.product.news.clear()
            await running.product.news.wait()
    assert states == ["in work", "done"]
    assert {order["line"] for order in running.product.said("erp") if "due_at" in order} <= {"line-1", "line-2"}
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
