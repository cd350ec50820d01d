"""What watches us may ask without a sign-in, and learns no more than it needs."""

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from mom import clock
from mom.models import Letter, Link, WorkerLoop


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


async def test_metrics_tell_of_links_loops_and_what_waits(web):
    now = clock.now()
    link = {"site_id": web.site_id, "protocol": "opcua", "state": "alive", "since": now, "spool_bytes": 70}
    async with web.store.write.begin() as session:
        session.add(Link(connector="plc", lease_until=now + timedelta(minutes=5), **link))
        session.add(Link(connector="dead", lease_until=now - timedelta(minutes=5), **link))
        session.add(WorkerLoop(name="history", worker="w", seen_at=now - timedelta(minutes=1), failures=3))
        letter = {"site_id": web.site_id, "channel": "webhook", "to": "system:erp", "body": "{}"}
        session.add_all([Letter(key="a", **letter), Letter(key="b", dead_at=now, **letter)])
    answer = await (await web.client(None)).get("/metrics")
    told = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert told["lineside_link_alive", "plc", "works"] == 1
    assert told["lineside_link_alive", "dead", "works"] == 0, "nobody holds its lease"
    assert told["lineside_spool_bytes", "plc", "works"] == 70
    assert told["lineside_loop_failures", "history"] == 3
    assert 60 <= told["lineside_loop_seen_seconds", "history"] < 120
    assert told["lineside_letters_waiting", "works"] == told["lineside_letters_dead", "works"] == 1
    assert told["lineside_proposals_waiting", "works"] == told["lineside_losses_open", "works"] == 0


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
