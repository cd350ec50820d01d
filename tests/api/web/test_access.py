"""The table of doors is the truth: every route is in it, every role is let in or refused as it says."""

import pytest
from fastapi.routing import APIRoute

from api.access import ANYONE, BY_ROUTE, DOORS, SIGNED
from api.routes import ROUTERS

FILLED = {"proposal_id": "999", "loss_id": "999", "report_id": "999", "item_id": "999", "correction_id": "999", "endpoint_id": "999",
          "nonconformance_id": "999",
          "conversation_id": "6a1f0c1e-0000-4000-8000-000000000000", "noun": "stops", "name": "stops", "source": "nobody",
          "form": "html"}  # fmt: skip
ENDLESS = "/api/v1/events"
BODIES = {"/api/v1/chat": {"text": ""}}  # refused as input, but not at the door


def routes() -> set[tuple[str, str]]:
    every = [route for router in ROUTERS for route in router.routes]
    return {(method, route.path) for route in every if isinstance(route, APIRoute) for method in route.methods}


def test_every_route_is_in_the_table_and_every_row_is_a_route():
    there = routes()
    assert len(there) > 30
    assert there - BY_ROUTE.keys() == set(), "routes that nobody decided on"
    assert BY_ROUTE.keys() - there == set(), "rows without a route"


@pytest.mark.parametrize(
    "role", [None, "operator", "supervisor", "maintenance", "planner", "quality", "manager", "admin"]
)
async def test_each_role_at_each_door(web, role):
    client = await web.client(role)
    wrong = []
    for door in DOORS:
        if door.path in (ENDLESS, "/sign-out", "/sign-in"):
            continue
        allowed = bool(door.roles & (ANYONE | SIGNED)) or (role is not None and (role in door.roles or role == "admin"))
        answer = await client.request(door.method, door.path.format(**FILLED), json=BODIES.get(door.path, {}))
        let_in = answer.status_code not in ((401, 403) if role is None or not allowed else (401, 403, 500))
        if role is None and door.page and answer.status_code == 303:
            let_in = False  # sent to sign in
        if door.roles & SIGNED:
            let_in = answer.status_code == 401  # a message without a signature is not trusted, whoever sends it
        if let_in != allowed or answer.status_code == 500:
            wrong.append((door.method, door.path, answer.status_code, answer.text[:120]))
    assert not wrong


async def test_another_sites_rows_are_not_there(web):
    """Somebody of a second site finds nothing of the first, by list or by number."""
    from sqlalchemy import select

    from mom import clock
    from mom.accounts.keys import make_key
    from mom.accounts.users import add_user
    from mom.models import Equipment, Loss, Site

    now = clock.now()
    async with web.store.write.begin() as session:
        other = Site(code="elsewhere", name="Elsewhere")
        session.add(other)
        await session.flush()
        stranger = await add_user(session, "stranger", ["manager"], now=now, site_id=other.id)
        _, key = await make_key(session, stranger, "test", now)
        filler = await session.scalar(select(Equipment.id).where(Equipment.code == "filler"))
        loss = Loss(site_id=web.site_id, equipment_id=filler, rule="stop", kind="breakdown", key="k", title="Jam", started_at=now,
                    found_at=now, updated_at=now)  # fmt: skip
        session.add(loss)
        await session.flush()
        loss_id = loss.id
    client = await web.client(None)
    ours = {"authorization": f"Bearer {key}"}
    assert (await client.get("/api/v1/losses", headers=ours)).json() == []
    assert (await client.get(f"/api/v1/losses/{loss_id}", headers=ours)).status_code == 404
    assert (await client.get(f"/api/v1/rows/loss:{loss_id}", headers=ours)).status_code == 404
    assert (await client.get("/api/v1/kpis", params={"equipment": "works/line-1"}, headers=ours)).status_code == 404
