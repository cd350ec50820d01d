"""Coming in, going out, and what another site's page cannot do."""

import httpx


async def test_a_link_lets_in_once(web):
    from mom import clock
    from mom.accounts.links import make_link
    from mom.models import User

    async with web.store.write.begin() as session:
        token = await make_link(session, await session.get(User, web.users["operator"]), clock.now())
    one, two = await web.client(None), await web.client(None)
    assert (await one.get("/sign-in", params={"token": token})).status_code == 303
    assert (await one.get("/api/v1/me")).json()["name"] == "operator"
    again = await two.get("/sign-in", params={"token": token})
    assert again.status_code == 403
    assert "used or is too old" in again.text


async def test_a_session_is_worth_nothing_after_sign_out(web):
    client = await web.client("supervisor")
    stolen = dict(client.cookies)
    assert (await client.post("/sign-out")).status_code == 303
    async with httpx.AsyncClient(base_url=web.url, cookies=stolen) as thief:
        assert (await thief.get("/api/v1/me")).status_code == 401
        assert (await thief.get("/")).headers["location"] == "/sign-in"


async def test_another_sites_page_cannot_write(web):
    client = await web.client("admin")
    endpoint = {"url": "https://example.com/hook", "events": ["loss"]}
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}):
        refused = await client.post("/api/v1/webhooks/endpoints", json=endpoint, headers=headers)
        assert refused.status_code == 403
    assert (await client.get("/api/v1/webhooks/endpoints")).json() == []


async def test_guessing_is_slowed(web):
    client = await web.client(None)
    answers = [await client.post("/sign-in", data={"name": "admin", "password": f"guess {n}"}) for n in range(8)]
    assert {a.status_code for a in answers} == {403}
    assert "Name or password is wrong" in answers[0].text
    assert "Too many wrong attempts" in answers[-1].text


async def test_headers_keep_pages_to_their_own_script(web):
    client = await web.client("supervisor")
    page = await client.get("/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "style=" not in page.text
    assert "<script>" not in page.text
    assert page.headers["x-frame-options"] == "DENY"
