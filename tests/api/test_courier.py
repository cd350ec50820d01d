"""Letters are sent once, tried again, given up with a notice; by real SMTP and real HTTP on loopback."""

import asyncio
import email
import json
import socket
from datetime import UTC, datetime, timedelta
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr
from sqlalchemy import select

from api.courier import PAUSES, deliver_due, message_id
from mom.events import emit
from mom.letters import write_email, write_webhook
from mom.models import Event, Letter, ReportRun, Site, WebhookEndpoint
from mom.records.signature import verify
from mom.secrets import new_secret
from mom.settings import Settings


class Receiver:
    """A small HTTP server that keeps what came and answers what it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        self.got.append((headers, body))
        status = self.answers.pop(0) if self.answers else 200
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


class Mailbox:
    """A mail server's handler."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.refuse = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            return self.refuse
        self.got.append(envelope)
        return "250 OK"


@pytest.fixture
async def receiver(free_port):
    one = Receiver()
    server = await asyncio.start_server(one.serve, "127.0.0.1", free_port)
    async with server:
        yield one


@pytest.fixture
def mailbox():
    handler = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def secret():
    return new_secret()


@pytest.fixture
async def site(database, free_port):
    systems = [
        {"id": "cmms", "kind": "cmms", "url": f"http://127.0.0.1:{free_port}/hooks", "allow_private": True},
        {"id": "far", "kind": "erp", "url": f"http://127.0.0.1:{free_port}/hooks"},
    ]
    async with database.write.begin() as session:
        row = Site(code="plant", name="Plant", plant={"systems": systems})
        session.add(row)
        await session.flush()
        return row.id


@pytest.fixture
def settings(tmp_path, secret):
    (tmp_path / "secrets.json").write_text(json.dumps({"cmms": secret, "far": secret}))
    (tmp_path / "secrets.json").chmod(0o600)
    return Settings(LINESIDE_HOME=tmp_path)


async def webhook(database, site, key="k1", to="system:cmms"):
    now = datetime.now(UTC)
    async with database.write.begin() as session:
        return await write_webhook(
            session, site_id=site, key=key, to=to, kind="maintenance_order", data={"n": 1}, now=now
        )


async def letters(database):
    async with database.write() as session:
        return list(await session.scalars(select(Letter).order_by(Letter.id)))


async def test_many_couriers_send_a_webhook_once_signed_and_named_by_its_key(
    database, site, settings, receiver, secret
):
    for number in range(12):
        assert await webhook(database, site, f"k{number}")
        assert await webhook(database, site, f"k{number}") is None
    now = datetime.now(UTC)
    sent = await asyncio.gather(*(deliver_due(database, now, settings) for _ in range(4)))
    assert sum(sent) == 12
    ids = [verify(secret, headers, body) for headers, body in receiver.got]
    assert sorted(ids) == sorted(message_id(f"k{number}") for number in range(12))
    assert await deliver_due(database, now, settings) == 0
    assert len(receiver.got) == 12


async def test_a_receiver_that_is_down_gets_it_later_under_the_same_id_and_then_never_again(
    database, site, settings, receiver
):
    await webhook(database, site)
    receiver.answers = [503, 500, 302]
    now = datetime.now(UTC)
    for pause in PAUSES[:3]:
        assert await deliver_due(database, now, settings) == 0
        letter = (await letters(database))[0]
        assert letter.due_at == now + pause and letter.last_error
        assert await deliver_due(database, now + pause / 2, settings) == 0
        now += pause
    assert await deliver_due(database, now, settings) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert (await letters(database))[0].attempts == 4


async def test_a_letter_that_nobody_takes_is_dead_at_last_and_says_so(database, site, settings):
    await webhook(database, site)  # nobody listens
    now = datetime.now(UTC)
    for _ in range(len(PAUSES) + 1):
        assert await deliver_due(database, now, settings) == 0
        now += timedelta(hours=25)
    letter = (await letters(database))[0]
    assert letter.dead_at and letter.attempts == len(PAUSES) + 1 == 12
    async with database.read() as session:
        events = list(await session.scalars(select(Event).where(Event.kind == "letter.dead")))
    assert [event.subject for event in events] == [f"letter:{letter.id}"]


async def test_a_system_that_is_not_listed_as_the_plants_own_is_not_called_on_loopback(
    database, site, settings, receiver
):
    await webhook(database, site, to="system:far")
    assert await deliver_due(database, datetime.now(UTC), settings) == 0
    letter = (await letters(database))[0]
    assert letter.dead_at and "not a public address" in letter.last_error and receiver.got == []


async def test_secrets_that_others_can_read_are_not_used(database, site, settings, receiver):
    (settings.home / "secrets.json").chmod(0o644)
    await webhook(database, site)
    assert await deliver_due(database, datetime.now(UTC), settings) == 0
    assert "chmod 600" in (await letters(database))[0].last_error and receiver.got == []


async def test_an_email_goes_out_once_with_its_text_page_and_report(database, site, settings, mailbox, now):
    mailed = settings.model_copy(update={"smtp_url": SecretStr(f"smtp://127.0.0.1:{mailbox.port}")})
    async with database.write.begin() as session:
        run = ReportRun(site_id=site, report="shift", period="p", from_at=now, to_at=now, pdf=b"%PDF-1.7 x")
        session.add(run)
        await session.flush()
        attached = {"shift.pdf": {"report_run": run.id, "form": "pdf"}}
        await write_email(
            session, site_id=site, key="r1", to="a@plant.example", subject="Shift\r\nBcc: x@evil.example", text="Grüß",
            html="<p>Grüß</p>", attachments=attached, now=now,
        )  # fmt: skip
    assert await deliver_due(database, now, settings) == 0, "without SMTP_URL it waits"
    assert (await letters(database))[0].last_error
    sent = await asyncio.gather(*(deliver_due(database, now, mailed) for _ in range(3)))
    assert (sum(sent), len(mailbox.got)) == (1, 1)
    message = email.message_from_bytes(mailbox.got[0].content, policy=default)
    assert message["Subject"] == "Shift Bcc: x@evil.example" and message["Bcc"] is None
    assert mailbox.got[0].rcpt_tos == ["a@plant.example"]
    assert message.get_body(("plain",)).get_content().strip() == "Grüß"
    assert "<p>Grüß</p>" in message.get_body(("html",)).get_content()
    assert [(part.get_filename(), part.get_content()) for part in message.iter_attachments()] == [
        ("shift.pdf", b"%PDF-1.7 x")
    ]


async def test_an_email_that_is_refused_for_good_is_dead_and_one_refused_for_now_waits(
    database, site, settings, mailbox, now
):
    mailed = settings.model_copy(update={"smtp_url": SecretStr(f"smtp://127.0.0.1:{mailbox.port}")})
    for key, answer in (("now", "451 later"), ("never", "550 no such user")):
        async with database.write.begin() as session:
            await write_email(session, site_id=site, key=key, to="a@plant.example", subject="s", text="t", now=now)
        mailbox.refuse = answer
        assert await deliver_due(database, now, mailed) == 0
    later, never = await letters(database)
    assert later.dead_at is None and later.due_at > now
    assert never.dead_at is not None and "550" in never.last_error


async def test_an_event_is_told_once_to_each_endpoint_that_asked_for_its_kind(database, site, settings):
    now = datetime.now(UTC)
    async with database.write.begin() as session:
        for events in (["loss", "letter"], ["loss.opened", "proposal.created"], ["report.made"]):
            session.add(
                WebhookEndpoint(
                    site_id=site, url="https://hooks.invalid/x", secret=new_secret(), events=events, created_by="user:1"
                )
            )
        await session.flush()
        await emit(session, site, "loss.opened", "loss:7", {"title": "jam"})
        await emit(session, site, "loss.closed", "loss:7")
        await emit(session, site, "letter.dead", "letter:1")

    async def nowhere(host: str, port: int) -> list[str]:
        return ["10.0.0.1"]

    soon = now + timedelta(seconds=5)
    await asyncio.gather(*(deliver_due(database, soon, settings, resolve=nowhere) for _ in range(3)))
    await deliver_due(database, soon, settings, resolve=nowhere)
    kinds = sorted((letter.to, letter.subject or json.loads(letter.body)["type"]) for letter in await letters(database))
    first, second = kinds[0][0], kinds[2][0]
    assert kinds == [(first, "loss.closed"), (first, "loss.opened"), (second, "loss.opened")]
    assert all("not a public address" in letter.last_error for letter in await letters(database))


@pytest.mark.parametrize("url", ["http://host:abc/", "http://host:99999/", "http://a..b/"])
async def test_a_letter_to_what_is_no_address_is_given_up_and_those_behind_it_go_out(
    database, site, settings, receiver, url
):
    async with database.write.begin() as session:
        endpoint = WebhookEndpoint(site_id=site, url=url, secret=new_secret(), events=["x"], created_by="user:1")
        session.add(endpoint)
        await session.flush()
    await webhook(database, site, "poison", f"endpoint:{endpoint.id}")
    await webhook(database, site, "behind")
    assert await deliver_due(database, datetime.now(UTC), settings) == 1
    poison, behind = await letters(database)
    assert poison.dead_at and "expected http" in poison.last_error and behind.sent_at
