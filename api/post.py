"""A letter as an e-mail, and the way to the plant's mail server."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.errors import BadInput
from mom.models import Letter, ReportRun

SECONDS = 30.0
PORTS = {"smtp": 25, "smtps": 465}


class Refused(Exception):
    """The server will never take this letter."""


async def email_of(session: AsyncSession, letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """The letter with its attachments. Its Message-ID follows from its key: a repeat can be told."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"] = format_datetime(now)
    domain = sender.rpartition("@")[2].strip("<> ") or "localhost"
    message["Message-ID"] = f"<{sha256(letter.key.encode()).hexdigest()[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for name, about in letter.attachments.items():
        await _attach(session, message, name, about)
    return message


async def _attach(session: AsyncSession, message: EmailMessage, name: str, about: dict[str, Any]) -> None:
    run = await session.scalar(select(ReportRun).where(ReportRun.id == about["report_run"]))
    if run is None:
        return
    if about["form"] == "pdf" and run.pdf is not None:
        message.add_attachment(run.pdf, maintype="application", subtype="pdf", filename=name)
    elif about["form"] == "html" and run.html is not None:
        message.add_attachment(run.html, subtype="html", filename=name)


async def send_email(message: EmailMessage, url: str) -> None:
    """To the server of `url` (smtp://user:password@host:port). Refused when it says never; OSError when not now."""
    import aiosmtplib

    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadInput("SMTP_URL is not of the form smtp://user:password@host:port.", remedy="Correct SMTP_URL.")
    try:
        await aiosmtplib.send(
            message,
            hostname=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [one.code for one in error.recipients]
        if codes and min(codes) >= 500:
            raise Refused(str(error)) from error
        raise OSError(str(error)) from error
    except aiosmtplib.SMTPResponseException as error:
        if error.code >= 500 and not isinstance(error, aiosmtplib.SMTPAuthenticationError):
            raise Refused(f"{error.code} {error.message}") from error
        raise OSError(f"{error.code} {error.message}") from error
    except aiosmtplib.SMTPException as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
