"""`user`, `key` and `proposals`, as a person at a terminal meets them."""

import asyncio
import json

import pytest
from sqlalchemy import select

from api.__main__ import main
from mom.clock import now
from mom.database.access import engines
from mom.models import AuditEntry, Equipment, Site
from mom.proposals.propose import propose


@pytest.fixture
def lineside(database_dsn, monkeypatch, capsys, tmp_path):
    """Run a command: its status, what it printed, what it complained of."""
    monkeypatch.setenv("DATABASE_URL", database_dsn)
    monkeypatch.setenv("LINESIDE_HOME", str(tmp_path))

    def run(*words):
        status = main(list(words))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def proposal_id(database_dsn, a_repair):
    """A plant with one proposal that waits."""

    async def make():
        async with engines(database_dsn) as store, store.write.begin() as session:
            session.add(Site(code="plant", name="Plant"))
            await session.flush()
            session.add(Equipment(site_id=1, path="plant/capper", code="capper", name="Capper", level="work_unit"))
            await session.flush()
            return (await propose(session, now=now(), **a_repair)).id

    return asyncio.run(make())


def test_a_user_is_made_listed_and_disabled(lineside, proposal_id, monkeypatch):
    status, out, _ = lineside("user", "add", "ana", "--role", "supervisor", "--role", "planner", "--json")
    assert status == 0
    assert "/sign-in?token=" in json.loads(out)["link"]
    assert "planner,supervisor" in lineside("user", "list")[1]
    assert lineside("user", "link", "ana")[1].startswith("Signs ana in once: http")
    assert lineside("user", "disable", "ana")[0] == 0
    assert json.loads(lineside("user", "list", "--json")[1])[0]["disabled"] is True


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("user", "add", "Ana", "--role", "supervisor"), "small letters"),
        (("user", "add", "ana", "--role", "boss"), "Known: operator"),
        (("user", "add", "ana", "--role", "operator", "--site", "x"), "There are: plant"),
        (("user", "link", "nobody"), "no user nobody"),
        (("key", "add", "erp", "--user", "nobody"), "no user nobody"),
        (("key", "revoke", "7"), "no live key 7"),
        (("proposals", "show", "99"), "no proposal 99"),
        (("proposals", "approve", "1", "--yes"), "--as is missing"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(lineside, proposal_id, words, complaint):
    status, out, err = lineside(*words)
    assert (status, out) == (1, "")
    assert complaint in err
    assert len(err.splitlines()) == 1


def test_a_password_comes_from_a_pipe(lineside, proposal_id, monkeypatch):
    lineside("user", "add", "ana", "--role", "operator")
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO("seven green apples\n"))
    assert "signed out everywhere" in lineside("user", "password", "ana")[1]
    assert "password" in lineside("user", "list")[1]


def test_a_key_is_shown_once(lineside, proposal_id):
    lineside("user", "add", "erp", "--role", "operator")
    made = json.loads(lineside("key", "add", "orders", "--user", "erp", "--json")[1])
    assert made["key"].startswith("lineside_")
    listed = lineside("key", "list", "--json")[1]
    assert made["key"] not in listed
    assert json.loads(listed)[0]["user"] == "erp"
    assert lineside("key", "revoke", str(made["id"]))[0] == 0
    assert "revoked" in lineside("key", "list")[1]


def test_a_proposal_is_listed_shown_and_decided(lineside, proposal_id):
    for name, role in (("ana", "manager"), ("max", "operator")):
        lineside("user", "add", name, "--role", role)
    number = str(proposal_id)
    assert json.loads(lineside("proposals", "--json")[1])[0]["status"] == "pending"
    assert "Replace the chuck" in lineside("proposals", "list", "--status", "pending")[1]
    shown = lineside("proposals", "show", number)[1]
    assert "Do nothing" in shown
    sha256 = json.loads(lineside("proposals", "show", number, "--json")[1])["sha256"]
    assert sha256 in shown
    refused = [
        lineside("proposals", "approve", number, "--as", "max", "--yes"),
        lineside("proposals", "approve", number, "--as", "ana", "--sha256", "0" * 64),
        lineside("proposals", "reject", number, "--as", "ana", "--yes"),
        lineside("proposals", "approve", number, "--as", "ana"),
    ]
    complaints = [
        "it takes the role manager",
        "no longer what you were shown",
        "reason is empty",
        "Nobody is there to ask",
    ]
    for (status, _, err), complaint in zip(refused, complaints, strict=True):
        assert status == 1
        assert complaint in err
    status, out, _ = lineside("proposals", "approve", number, "--as", "ana", "--sha256", sha256, "--json")
    assert (status, json.loads(out)["status"]) == (0, "approved")
    assert "Approved by ana (manager)" in lineside("proposals", "show", number)[1]
    assert (
        "already approved by ana" in lineside("proposals", "reject", number, "--as", "ana", "--yes", "--reason", "x")[2]
    )


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_what_is_approved_without_asking_is_shown_and_the_audit_says_where_from(
    lineside, proposal_id, database_dsn, words
):
    lineside("user", "add", "ana", "--role", "manager")
    sha256 = json.loads(lineside("proposals", "show", str(proposal_id), "--json")[1])["sha256"]
    status, out, err = lineside("proposals", "approve", str(proposal_id), "--as", "ana", "--yes", *words)
    shown = err if words else out
    assert status == 0
    assert "Replace the chuck" in shown
    assert f"sha256 {sha256}" in shown

    async def noted():
        async with engines(database_dsn) as store, store.read() as session:
            query = select(AuditEntry.detail).where(AuditEntry.act == "proposal.approved")
            return (await session.scalars(query)).all()

    (detail,) = asyncio.run(noted())
    assert (detail["through"], detail["sha256"]) == ("terminal", sha256)


def test_the_agents_are_switched_off_and_on(lineside, proposal_id):
    lineside("user", "add", "ana", "--role", "operator")
    assert lineside("agents")[1] == "The agents are on.\n"
    assert "it takes the role manager" in lineside("agents", "off", "--as", "ana")[2]
    assert json.loads(lineside("agents", "off", "--json")[1])["agents"] == "off"
    assert lineside("agents")[1].startswith("The agents are off, by system:command at ")
    assert lineside("agents", "on")[1].startswith("The agents are on, by")
