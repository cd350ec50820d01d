"""Whether those beside us answer: controllers, other systems, the model, the mail server. Nothing is sent to any."""

import asyncio
from typing import Any
from urllib.parse import unquote, urlsplit

from api.finding import Finding, fault
from mom.errors import LinesideError
from mom.secrets import secret_of
from mom.settings import Settings

PATIENCE = 15.0
"""Seconds that a source of readings has to say its first word."""
SHORT = 5.0


async def connector(block: Any) -> Finding:
    """Connects as the collector does, reads only, and waits for the first word."""
    from connectors.check import make_connector

    check, remedy = (
        f"connector {block.id}",
        "Is the address right, the controller on, the network open? See docs/connectors.md.",
    )
    try:
        async with asyncio.timeout(PATIENCE):
            first = await anext(make_connector(block).readings())
    except TimeoutError:
        return Finding(check, "fault", f"It said nothing in {PATIENCE:.0f} s.", remedy)
    except (LinesideError, OSError) as error:
        return fault(check, error, remedy)
    return Finding(check, "ok", f"It answers ({block.protocol}): {len(first)} readings at once.")


async def other_system(settings: Settings, system: str, url: str | None) -> Finding:
    """Its secret is there; the place where letters go takes connections. Nothing is sent."""
    secret_of(settings.home, system)
    if url is None:
        return Finding(f"system {system}", "ok", "Its secret is there; nothing is sent to it.")
    await reach(url, {"https": 443, "http": 80})
    return Finding(f"system {system}", "ok", f"Its secret is there, and {urlsplit(url).netloc} takes connections.")


async def model(settings: Settings) -> Finding:
    if not settings.has_model:
        return Finding("model", "off", "None is set: the built-in planner answers.", "To use one: docs/agents.md.")
    import httpx2

    base = (settings.openai_base_url or "https://api.openai.com/v1").rstrip("/")
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
    try:
        async with httpx2.AsyncClient(timeout=SHORT) as client:
            reply = await client.get(f"{base}/models", headers={"authorization": f"Bearer {key}"})
    except httpx2.HTTPError as error:
        return Finding("model", "fault", f"{base} does not answer: {error}.", "Start it, or correct OPENAI_BASE_URL.")
    if reply.status_code in (401, 403):
        return Finding(
            "model", "fault", f"{base} does not accept the key ({reply.status_code}).", "Correct OPENAI_API_KEY."
        )
    names = [one.get("id") for one in reply.json().get("data", [])] if reply.status_code == 200 else []
    if names and settings.model not in names:
        some = ", ".join(str(name) for name in names[:8])
        return Finding("model", "fault", f"{base} has no model {settings.model!r}.", f"LINESIDE_MODEL may be: {some}.")
    return Finding("model", "ok", f"{base} answers, model {settings.model}.")


async def mail(settings: Settings) -> Finding:
    """The mail server takes a connection and the name and password; no mail is sent."""
    if settings.smtp_url is None:
        return Finding(
            "mail", "off", "SMTP_URL is not set: reports wait on the page Reports.", "To mail them: docs/reports.md."
        )
    import aiosmtplib

    parts = urlsplit(settings.smtp_url.get_secret_value())
    port = parts.port or {"smtp": 25, "smtps": 465}.get(parts.scheme)
    if port is None or not parts.hostname:
        said = "SMTP_URL is not of the form smtp://user:password@host:port."
        return Finding("mail", "fault", said, "Correct SMTP_URL.")
    client = aiosmtplib.SMTP(hostname=parts.hostname, port=port, use_tls=parts.scheme == "smtps", timeout=SHORT)
    try:
        async with client:
            if parts.username:
                await client.login(unquote(parts.username), unquote(parts.password or ""))
    except aiosmtplib.SMTPException as error:
        return Finding(
            "mail", "fault", f"{parts.hostname}:{port}: {error}", "Correct SMTP_URL, or start the mail server."
        )
    return Finding("mail", "ok", f"{parts.hostname}:{port} takes mail.")


async def reach(url: str, ports: dict[str, int]) -> None:
    """Raises OSError, with the address in words, when nobody listens there."""
    parts = urlsplit(url)
    port = parts.port or ports.get(parts.scheme, 443)
    try:
        async with asyncio.timeout(SHORT):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError) as error:
        raise LinesideError(
            f"{parts.hostname}:{port} takes no connection: {error or 'no answer'}.",
            remedy="Start that system, or correct its url in the plant file; letters to it wait and are tried again.",
        ) from error
    writer.close()
