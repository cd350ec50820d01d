"""Who sees persons, at the door: the plant's word, whatever the role."""

import pytest
from sqlalchemy import text


@pytest.mark.parametrize("role", ["operator", "supervisor", "manager", "admin"])
async def test_single_persons_are_refused_in_words(web, role):
    client = await web.client(role)
    said = await client.get("/api/v1/people", params={"by": "person"})
    assert said.status_code == 403
    assert "in this plant nobody may see them" in said.text and "people: visible_to" in said.text
    assert (await client.get("/api/v1/people")).status_code == 200


async def test_the_role_that_the_plant_names_may(web):
    async with web.store.write.begin() as session:
        await session.execute(
            text("""UPDATE sites SET plant = jsonb_set(plant, '{people}', '{"visible_to": ["manager"]}')""")
        )
    said = await (await web.client("manager")).get("/api/v1/people", params={"by": "person"})
    assert (said.status_code, said.json()["rows"]) == (200, [])
    assert (await (await web.client("admin")).get("/api/v1/people", params={"by": "person"})).status_code == 403


async def test_nobody_who_is_not_signed_in(web):
    assert (await (await web.client(None)).get("/api/v1/people")).status_code == 401
