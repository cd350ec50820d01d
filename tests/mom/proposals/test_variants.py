"""Thousands of ways in which a yes must not count: none of them is carried out."""

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, bindparam, func, select, text

from mom.errors import LinesideError
from mom.models import Decision, Execution, MaintenanceOrder, Proposal
from mom.proposals.carry_out import carry_out
from mom.proposals.claim import claim
from mom.proposals.decide import decide

VARIANTS = int(os.environ.get("LINESIDE_VARIANTS", "240"))  # 10,000 in the long form
SEED = 20260823


@dataclass
class Attempt:
    """One try: what is done to the row before the click, what is clicked, what is done after it."""

    who: str = "maintenance"
    sha256: str | None = None
    later: timedelta = timedelta()
    before: list[tuple[str, dict]] = field(default_factory=list)
    after: list[tuple[str, dict]] = field(default_factory=list)


def flipped(document: bytes, dice: random.Random) -> bytes:
    """One byte or one figure is another."""
    at = dice.randrange(len(document))
    swaps = [(b'"CH-100"', b'"CH-200"'), (b'"minutes":60', b'"minutes":6'), (b"240.00", b"2.40"), (b"chuck", b"motor")]
    old, new = dice.choice(swaps)
    if old in document and dice.random() < 0.5:
        return document.replace(old, new)
    return document[:at] + bytes([document[at] ^ (1 << dice.randrange(7))]) + document[at + 1 :]


def set_document(changed: bytes, *, hash_too: bool) -> tuple[str, dict]:
    both = ", sha256 = encode(sha256(:d), 'hex')" if hash_too else ""
    return f"UPDATE proposals SET document = :d{both} WHERE id = :p", {"d": changed}


def changed_before(attempt, proposal, dice):
    attempt.before = [set_document(flipped(proposal.document, dice), hash_too=dice.random() < 0.5)]


def changed_after(attempt, proposal, dice):
    attempt.after = [set_document(flipped(proposal.document, dice), hash_too=dice.random() < 0.5)]


def changed_after_with_its_decision(attempt, proposal, dice):
    attempt.after = [
        set_document(flipped(proposal.document, dice), hash_too=True),
        ("UPDATE decisions d SET sha256 = p.sha256 FROM proposals p WHERE p.id = d.proposal_id AND p.id = :p", {}),
    ]


def wrong_hash(attempt, proposal, dice):
    at = dice.randrange(64)
    attempt.sha256 = proposal.sha256[:at] + ("0" if proposal.sha256[at] != "0" else "1") + proposal.sha256[at + 1 :]
    attempt.sha256 = dice.choice([attempt.sha256, "", proposal.sha256[:-1], proposal.sha256 + "0", "f" * 64])


def expired(attempt, proposal, dice):
    attempt.later = timedelta(hours=24, microseconds=dice.randrange(10**12))


def expiry_put_off(attempt, proposal, dice):
    attempt.before = [("UPDATE proposals SET expires_at = expires_at + interval '1 year' WHERE id = :p", {})]
    expired(attempt, proposal, dice)


def wrong_role(attempt, proposal, dice):
    attempt.who = dice.choice(["operator", "planner", "quality", "manager", "worker"])


def role_taken_later(attempt, proposal, dice):
    attempt.after = [("UPDATE users SET roles = '{operator}' WHERE name = 'maintenance'", {})]


def wrong_plant(attempt, proposal, dice):
    attempt.who = "stranger"


def not_four_eyes(attempt, proposal, dice):
    attempt.who = "supervisor"
    attempt.before = [("UPDATE proposals SET asked_by = NULL, edited_by = NULL, cost = 0 WHERE id = :p", {})]


def another_plants_row(attempt, proposal, dice):
    attempt.after = [
        ("UPDATE proposals SET site_id = 2 WHERE id = :p", {}),
        ("UPDATE executions SET site_id = 2 WHERE proposal_id = :p", {}),
    ]


def decision_forged(attempt, proposal, dice):
    attempt.who = "operator"
    person = "(SELECT id FROM users WHERE name = 'maintenance')"
    forged = f"SELECT id, site_id, true, {person}, 'maintenance', '', sha256 FROM proposals WHERE id = :p"
    execution = "INSERT INTO executions (proposal_id, site_id) SELECT id, site_id FROM proposals WHERE id = :p"
    approved = "UPDATE proposals SET status = 'approved' WHERE id = :p"
    attempt.after = [(approved, {}), (f"INSERT INTO decisions {forged}", {}), (execution, {})]


WAYS = [
    changed_before,
    changed_after,
    changed_after_with_its_decision,
    wrong_hash,
    expired,
    expiry_put_off,
    wrong_role,
    role_taken_later,
    wrong_plant,
    not_four_eyes,
    another_plants_row,
    decision_forged,
]


async def execute(session, statements, proposal):
    for statement, values in statements:
        prepared = text(statement)
        if "d" in values:
            prepared = prepared.bindparams(bindparam("d", type_=LargeBinary))
        await session.execute(prepared, {**values, **({"p": proposal.id} if ":p" in statement else {})})


async def tried(scene, proposal, attempt) -> str:
    """Where it was stopped: at the door, by the worker, or not at all. Everything is rolled back afterwards."""
    async with scene.store.write() as session:
        await execute(session, attempt.before, proposal)
        stopped = ""
        try:
            async with session.begin_nested():
                await decide(
                    session,
                    proposal.id,
                    approve=True,
                    sha256=proposal.sha256 if attempt.sha256 is None else attempt.sha256,
                    caller=scene.caller(attempt.who),
                    now=scene.now + attempt.later,
                )
        except LinesideError:
            stopped = "at the door"
        session.expire_all()
        await execute(session, attempt.after, proposal)
        claimed = await claim(session, "w", scene.now + attempt.later)
        outcome = await carry_out(session, claimed, scene.now + attempt.later) if claimed else None
        done = await session.scalar(select(func.count()).select_from(MaintenanceOrder))
        await session.rollback()
    if done or (outcome and outcome.done):
        return "carried out"
    return "by the worker" if outcome else stopped


async def test_of_many_ways_round_none_is_carried_out(scene, proposed):
    print("seed", SEED)
    dice = random.Random(SEED)
    large = await proposed(payload={**scene.repair()["payload"], "minutes": 480})  # above what one may decide alone
    small = await proposed()
    fair = Counter([await tried(scene, proposal, Attempt(who="maintenance")) for proposal in (large, small)])
    assert fair == {"carried out": 2}, "the way that is in order must work, else this test shows nothing"
    met: Counter = Counter()
    for number in range(VARIANTS):
        way = WAYS[number % len(WAYS)]
        attempt = Attempt()
        way(attempt, large, dice)
        ended = await tried(scene, large, attempt)
        met[way.__name__, ended] += 1
        assert ended in ("at the door", "by the worker"), (way.__name__, SEED, number)
    assert {way for way, _ in met} == {way.__name__ for way in WAYS}


async def test_nothing_is_left_of_it_all(scene, proposed):
    """The attempts above are rolled back: this one is not, and leaves one pending row and no other."""
    proposal = await proposed()
    async with scene.store.write.begin() as session:
        with pytest.raises(LinesideError):
            await decide(
                session, proposal.id, approve=True, sha256="", caller=scene.caller("maintenance"), now=scene.now
            )
    async with scene.store.read() as session:
        assert (await session.get(Proposal, proposal.id)).status == "pending"
        assert await session.scalar(select(func.count()).select_from(Decision)) == 0
        assert await session.scalar(select(func.count()).select_from(Execution)) == 0
