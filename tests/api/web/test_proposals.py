"""What is shown is what is approved; a word on anything else is refused."""

import pytest

from mom import clock
from mom.accounts.keys import make_key
from mom.caller import Caller
from mom.models import User
from mom.proposals.propose import propose

MADE = "made for the test"


@pytest.fixture
async def proposal_id(web) -> int:
    payload = {"title": "Clean the capper's guides", "equipment": "line-1/capper", "minutes": 30}
    async with web.store.write.begin() as session:
        made = await propose(
            session, caller=Caller(web.site_id, None, "test"), agent="maintenance_planner", action="maintenance_order",
            payload=payload, rationale=MADE, expected_effect="Fewer jams.", now=clock.now(),
        )  # fmt: skip
        return made.id


async def test_the_bytes_and_their_hash(web, proposal_id):
    from hashlib import sha256

    client = await web.client("supervisor")
    card = (await client.get(f"/api/v1/proposals/{proposal_id}")).json()
    assert sha256(card["document"].encode()).hexdigest() == card["sha256"]
    assert MADE in card["document"]
    page = (await client.get(f"/proposals/{proposal_id}")).text
    assert card["sha256"] in page
    assert MADE in page


async def test_approved_once_by_the_right_role_with_the_right_hash(web, proposal_id):
    supervisor, planner = await web.client("supervisor"), await web.client("planner")
    path = f"/api/v1/proposals/{proposal_id}/decision"
    shown = (await supervisor.get(f"/api/v1/proposals/{proposal_id}")).json()["sha256"]
    assert (await planner.post(path, json={"approve": True, "sha256": shown})).status_code == 403
    wrong = await supervisor.post(path, json={"approve": True, "sha256": "0" * 64})
    assert (wrong.status_code, wrong.json()["error"]) == (409, "Conflict")
    missing = await supervisor.post(path, json={"approve": True})
    assert (missing.status_code, missing.json()["field"]) == (422, "sha256")
    done = await supervisor.post(path, json={"approve": True, "sha256": shown, "reason": "yes"})
    assert (done.status_code, done.json()["status"]) == (200, "approved")
    assert (await supervisor.post(path, json={"approve": False, "sha256": shown, "reason": "no"})).status_code == 409


async def test_a_key_may_read_but_not_decide(web, proposal_id):
    async with web.store.write.begin() as session:
        user = await session.get(User, web.users["supervisor"])
        _, key = await make_key(session, user, "test", clock.now())
    client = await web.client(None)
    client.headers["authorization"] = f"Bearer {key}"
    path = f"/api/v1/proposals/{proposal_id}"
    shown = (await client.get(path)).json()["sha256"]
    approved = await client.post(f"{path}/decision", json={"approve": True, "sha256": shown})
    edited = await client.post(f"{path}/edit", json={"sha256": shown, "changes": {"title": "Clean it"}})
    for answer in (approved, edited):
        assert answer.status_code == 403
        assert "Sign in as supervisor" in answer.text
    assert (await client.get(path)).json()["status"] == "pending"


async def test_a_rejection_needs_a_reason(web, proposal_id):
    client = await web.client("supervisor")
    shown = (await client.get(f"/api/v1/proposals/{proposal_id}")).json()["sha256"]
    bare = await client.post(f"/api/v1/proposals/{proposal_id}/decision", json={"approve": False, "sha256": shown})
    assert bare.status_code == 422
    assert "reason" in bare.json()["detail"]


async def test_edited_is_a_new_proposal(web, proposal_id):
    client = await web.client("supervisor")
    shown = (await client.get(f"/api/v1/proposals/{proposal_id}")).json()["sha256"]
    assert (await client.get(f"/proposals/{proposal_id}/edit")).status_code == 200
    changed = {"sha256": shown, "changes": {"title": "Clean and oil the capper's guides"}}
    made = await client.post(f"/api/v1/proposals/{proposal_id}/edit", json=changed)
    assert made.status_code == 200, made.text
    assert made.json()["id"] != proposal_id
    assert made.json()["title"].startswith("Clean and oil")
    assert (await client.get(f"/api/v1/proposals/{proposal_id}")).json()["status"] == "replaced"
