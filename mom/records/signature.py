"""The signature of a webhook, in and out: https://www.standardwebhooks.com (HMAC-SHA256, five minutes' tolerance)."""

import binascii
from collections.abc import Mapping
from datetime import datetime

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from mom.errors import BadInput, NotSignedIn

PREFIX = "whsec_"
LONGEST_ID = 200


def verify(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """The message's id. NotSignedIn when a header is missing, the signature does not fit, or the message is too old."""
    lower = {name.lower(): value for name, value in headers.items()}
    message_id = lower.get("webhook-id", "")
    if not 0 < len(message_id) <= LONGEST_ID or not message_id.isascii() or not message_id.isprintable():
        raise NotSignedIn(
            "The message has no webhook-id that can be kept.",
            remedy=f"Send 1 to {LONGEST_ID} printable ASCII signs, the same for every attempt.",
        )
    try:
        webhook_of(secret).verify(body, lower)
    except (WebhookVerificationError, UnicodeDecodeError, binascii.Error, ValueError) as error:
        raise NotSignedIn(
            f"The message is not trusted: {error or 'its signature does not fit'}.",
            remedy="Sign webhook-id, webhook-timestamp and the body with the shared secret; check both clocks.",
        ) from error
    return message_id


def sign(secret: str, message_id: str, body: str, now: datetime) -> dict[str, str]:
    """The headers of a message that we send."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook_of(secret).sign(message_id, now, body),
        "content-type": "application/json",
    }


def webhook_of(secret: str) -> Webhook:
    """Raises BadInput for what cannot be a secret."""
    try:
        return Webhook(secret)
    except (ValueError, RuntimeError) as error:
        raise BadInput("The signing secret is not base64.", remedy=f"Make one of the form {PREFIX}….") from error
