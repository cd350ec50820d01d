"""What watches us may ask without a sign-in, and learns no more than it needs."""

from prometheus_client.parser import text_string_to_metric_families


async def test_alive_and_ready(web):
    client = await web.client(None)
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    (web.home / "starting").write_text("The plant is being connected.\n")
    waits = await client.get("/readyz")
    assert (waits.status_code, waits.json()["detail"]) == (503, "The plant is being connected.")


async def test_metrics_are_prometheus_text(web):
    answer = await (await web.client(None)).get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    names = {family.name for family in text_string_to_metric_families(answer.text)}
    assert "process_cpu_seconds" in names


async def test_a_refusal_is_a_page_for_a_person_and_json_for_a_program(web):
    client = await web.client("operator")
    page = await client.get("/losses/999999")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "999999" in page.text
    assert "Back to the line" in page.text
    data = await client.get("/api/v1/losses/999999")
    assert (data.status_code, data.json()["error"]) == (404, "NotFound")
    nowhere = await client.get("/no/such/page")
    assert nowhere.status_code == 404
    assert "Traceback" not in nowhere.text
