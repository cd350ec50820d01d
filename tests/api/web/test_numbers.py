"""Numbers that no row has and no page shows are refused with the field, the value and what was expected."""

import pytest

HUGE = 10**20
ADDRESSES = [
    ("GET", "/api/v1/losses?limit=-1", "limit is '-1'"),
    ("GET", f"/api/v1/losses?limit={HUGE}", f"limit is '{HUGE}'"),
    ("GET", "/api/v1/proposals?limit=-1", "limit is '-1'"),
    ("GET", "/api/v1/waiting?limit=0", "limit is '0'"),
    ("GET", "/api/v1/losses/seven", "loss_id is 'seven'"),
    ("GET", f"/api/v1/losses/{HUGE}", f"loss_id is '{HUGE}'"),
    ("GET", f"/api/v1/proposals/{HUGE}", "proposal_id"),
    ("POST", f"/api/v1/proposals/{HUGE}/decision", "proposal_id"),
    ("POST", f"/api/v1/proposals/{HUGE}/edit", "proposal_id"),
    ("GET", f"/api/v1/reports/{HUGE}.html", "report_id"),
    ("POST", f"/api/v1/waiting/{HUGE}/replay", "item_id"),
    ("POST", f"/api/v1/corrections/{HUGE}/withdraw", "correction_id"),
    ("DELETE", f"/api/v1/webhooks/endpoints/{HUGE}", "endpoint_id"),
]
PAGES = ("/losses", "/proposals", "/reports", "/parts/proposals")


@pytest.fixture
async def admin(web):
    return await web.client("admin")


async def test_a_number_that_the_store_cannot_take_is_refused_in_words(admin):
    for method, address, words in ADDRESSES:
        answer = await admin.request(method, address, json=None if method == "GET" else {})
        assert answer.status_code == 422, address
        said = answer.json()
        assert words in said["detail"]
        assert "Input should be" in said["detail"]
        assert said["field"] in words
    for page in PAGES:
        assert (await admin.get(f"{page}/{HUGE}")).status_code == 422


async def test_a_stop_that_no_store_can_hold_is_refused_before_it_is_looked_for(admin):
    body = {"kind": "reason", "value": {"reason": "jam"}, "why": "seen", "stop": HUGE}
    answer = await admin.post("/api/v1/corrections", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, "stop")


async def test_a_field_that_is_missing_has_no_value_to_show(admin):
    said = (await admin.get("/api/v1/kpis")).json()
    assert said["detail"] == "equipment: Field required."
