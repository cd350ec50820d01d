"""Sends letters: e-mails and signed webhooks, each claimed by one courier, tried again, given up after a day or two.

A letter that was sent just before we died is sent once more: its key (Message-ID, webhook-id) lets the receiver tell.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.outward import Guarded, Resolve, post, resolve
from api.post import Refused, email_of, send_email
from mom.database.access import Store
from mom.errors import LinesideError, NotAllowed, NotFound, Unavailable
from mom.events import emit
from mom.models import Letter, Site, WebhookEndpoint
from mom.records.signature import sign
from mom.secrets import secret_of
from mom.settings import Settings

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 60, 300, 1800, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)))
)
"""Between the attempts: those of standardwebhooks, and two more for a system that is down for a minute. Then it is dead."""
AT_ONCE = 4
MOST = 50
GONE = 410
NO_MAIL = "SMTP_URL is not set: e-mails wait"
log = structlog.get_logger("courier")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a webhook goes. `private`: the plant says that the address is its own."""

    url: str
    secret: str
    private: bool


async def deliver_due(store: Store, now: datetime, settings: Settings, *, resolve: Resolve = resolve) -> int:
    """Try every letter that is due at `now`, a few at once; how many were sent."""
    if settings.smtp_url is None:
        await _say_no_mail(store)
    counts = await asyncio.gather(*(_deliver_some(store, now, settings, resolve) for _ in range(AT_ONCE)))
    return sum(counts)


async def _deliver_some(store: Store, now: datetime, settings: Settings, resolve: Resolve) -> int:
    sent = 0
    for _ in range(MOST):
        async with store.write.begin() as session:
            letter = await _claim(session, now, settings)
            if letter is None:
                break
            sent += await _attempt(session, letter, now, settings, resolve)
    return sent


async def _claim(session: AsyncSession, now: datetime, settings: Settings) -> Letter | None:
    """The row stays locked while we send: no other courier takes it, and our death gives it back."""
    waiting = select(Letter).where(Letter.sent_at.is_(None), Letter.dead_at.is_(None), Letter.due_at <= now)
    if settings.smtp_url is None:
        waiting = waiting.where(Letter.channel != "email")
    found: Letter | None = await session.scalar(
        waiting.order_by(Letter.due_at, Letter.id).limit(1).with_for_update(skip_locked=True)
    )
    return found


async def _attempt(session: AsyncSession, letter: Letter, now: datetime, settings: Settings, resolve: Resolve) -> bool:
    letter.attempts += 1
    try:
        if letter.channel == "email":
            await _send_email(session, letter, now, settings)
        else:
            await _send_webhook(session, letter, now, settings, resolve)
    except (Refused, NotAllowed) as error:
        await _give_up(session, letter, now, str(error))
        return False
    except (LinesideError, OSError) as error:
        await _later(session, letter, now, str(error) or type(error).__name__)
        return False
    letter.sent_at, letter.last_error = now, None
    return True


async def _send_email(session: AsyncSession, letter: Letter, now: datetime, settings: Settings) -> None:
    assert settings.smtp_url is not None
    message = await email_of(session, letter, settings.mail_from, now)
    await send_email(message, settings.smtp_url.get_secret_value())


async def _send_webhook(
    session: AsyncSession, letter: Letter, now: datetime, settings: Settings, resolve: Resolve
) -> None:
    route = await route_of(session, letter, settings)
    headers = sign(route.secret, message_id(letter.key), letter.body, now)
    answer = await post(route.url, headers, letter.body.encode(), Guarded(private=route.private, resolve=resolve))
    if answer.status == GONE:
        raise Refused(f"{route.url} is gone (410)")
    if not 200 <= answer.status < 300:
        redirected = " (a redirect is not followed)" if 300 <= answer.status < 400 else ""
        raise Unavailable(f"{route.url} answered {answer.status}{redirected}: {answer.text}")


def message_id(key: str) -> str:
    """What the receiver knows the letter by: the same at each attempt."""
    return f"msg_{sha256(key.encode()).hexdigest()[:32]}"


async def route_of(session: AsyncSession, letter: Letter, settings: Settings) -> Route:
    """Raises NotAllowed when the receiver is disabled or has no address, NotFound when it has no secret."""
    kind, _, name = letter.to.partition(":")
    if kind == "endpoint":
        endpoint = await session.get(WebhookEndpoint, int(name))
        if endpoint is None or endpoint.disabled_at is not None or endpoint.site_id != letter.site_id:
            raise NotAllowed(f"endpoint {name} is disabled.")
        return Route(endpoint.url, endpoint.secret, private=False)
    site = await session.get(Site, letter.site_id)
    systems = (site.plant if site else {}).get("systems", [])
    system = next((one for one in systems if one["id"] == name), None)
    if system is None or not system.get("url"):
        raise NotFound(f"system {name} has no url in the plant file.", remedy="Add url: https://… to it.")
    return Route(system["url"], secret_of(settings.home, name), bool(system.get("allow_private")))


async def _later(session: AsyncSession, letter: Letter, now: datetime, error: str) -> None:
    if letter.attempts > len(PAUSES):
        await _give_up(session, letter, now, error)
        return
    letter.last_error, letter.due_at = error[:1000], now + PAUSES[letter.attempts - 1]
    log.warning("a letter could not be sent", letter=letter.id, to=letter.to, attempts=letter.attempts, error=error)


async def _give_up(session: AsyncSession, letter: Letter, now: datetime, error: str) -> None:
    letter.last_error, letter.dead_at = error[:1000], now
    about = {"to": letter.to, "subject": letter.subject, "attempts": letter.attempts, "error": error[:500]}
    await emit(session, letter.site_id, "letter.dead", f"letter:{letter.id}", about)
    log.error("a letter is given up", letter=letter.id, to=letter.to, error=error)


async def _say_no_mail(store: Store) -> None:
    async with store.write.begin() as session:
        await session.execute(
            update(Letter)
            .where(Letter.channel == "email", Letter.sent_at.is_(None), Letter.last_error.is_(None))
            .values(last_error=NO_MAIL)
        )
