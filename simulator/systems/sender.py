"""Sends signed webhooks to the product, and again until they are taken."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from typing import Any

import httpx2
from standardwebhooks.webhooks import Webhook

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Seconds between the tries; a message that nobody takes for all of them is given up."""
logger = logging.getLogger(__name__)


class Sender:
    """One system's way to the product: `url` is `…/api/v1/webhooks/in/SYSTEM`."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self._webhook = url, Webhook(secret)
        self.sent: list[str] = []
        self.lost: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, number: str, kind: str, data: dict[str, Any], at: datetime) -> None:
        """Send in the background what was so `at`; the same `number` is the same message."""
        body = json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
        task = asyncio.create_task(self._deliver(number, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, number: str, body: str) -> None:
        async with httpx2.AsyncClient(timeout=10.0, trust_env=False) as client:
            for pause in PAUSES:
                if await self._try(client, number, body):
                    self.sent.append(number)
                    return
                await asyncio.sleep(pause)
        self.lost.append(number)
        logger.warning("%s: nobody took message %s", self.url, number)

    async def _try(self, client: httpx2.AsyncClient, number: str, body: str) -> bool:
        now = datetime.now(UTC)
        headers = {
            "webhook-id": number,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(number, now, body),
            "content-type": "application/json",
        }
        try:
            answer = await client.post(self.url, content=body.encode(), headers=headers)
        except httpx2.HTTPError:
            return False
        if answer.is_success:
            return True
        logger.warning("%s refused %s: %s %s", self.url, number, answer.status_code, answer.text[:200])
        return False
