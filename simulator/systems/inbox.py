"""What a system got from outside: verified, kept once for each message id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class NotTrusted(Exception):
    """The message's signature is missing, wrong or too old."""


@dataclass(frozen=True)
class Message:
    """One message; `data` is its content, without the envelope."""

    id: str
    type: str
    data: dict[str, Any]


class Inbox:
    """Takes signed webhooks (https://www.standardwebhooks.com). A repeated id changes nothing."""

    def __init__(self, secret: str) -> None:
        self._webhook = Webhook(secret)
        self.messages: dict[str, Message] = {}
        self.repeats = 0

    def take(self, body: bytes, headers: Mapping[str, str]) -> Message | None:
        """The message, or None when it came before. Raises NotTrusted."""
        try:
            content = self._webhook.verify(body, dict(headers))
        except (WebhookVerificationError, json.JSONDecodeError, ValueError) as error:
            raise NotTrusted(str(error) or "the signature does not fit the message") from error
        number = headers["webhook-id"]
        if number in self.messages:
            self.repeats += 1
            return None
        content = content if isinstance(content, dict) else {"data": content}
        data = content.get("data", content)
        message = Message(number, str(content.get("type", "")), data if isinstance(data, dict) else {"value": data})
        self.messages[number] = message
        return message
