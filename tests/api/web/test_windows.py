"""One question, one figure: the API gives what the command gives, of the same window in the plant's time."""

import argparse
import importlib
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mom import clock
from mom.models import Equipment, Loss

SIX = datetime.fromisoformat("2026-03-02T06:00:00+01:00")
WINDOW = {"from": "2026-03-02T06:00", "to": "2026-03-02T14:00"}


def part(start: datetime, seconds: float, money: str) -> dict[str, Any]:
    end = start + timedelta(hours=1)
    return {"shift": start.isoformat(), "from": start.isoformat(), "to": end.isoformat(), "seconds": seconds,
            "units": seconds, "money": money, "evidence": [], "figures": {}}  # fmt: skip


async def command(name: str, *words: str) -> Any:
    module = importlib.import_module(f"api.commands.{name}")
    parser = argparse.ArgumentParser()
    module.arguments(parser)
    return await module.run(parser.parse_args([*words, "--json"]))


async def test_losses_are_what_fell_into_the_window(web, monkeypatch, capsys):
    now = clock.now()
    shared = {"site_id": web.site_id, "kind": "breakdown", "found_at": now, "updated_at": now}
    async with web.store.write.begin() as session:
        shared["equipment_id"] = await session.scalar(select(Equipment.id).where(Equipment.code == "filler"))
        parts = [part(SIX - timedelta(hours=8), 9000, "900.00"), part(SIX, 120, "2.50")]
        long = Loss(**shared, rule="minor_stops", key="long", title="Jams", started_at=SIX - timedelta(hours=8), seconds=9120,
                    units=9120, money=Decimal("902.50"), figures={"parts": parts}, ended_at=SIX + timedelta(hours=1))  # fmt: skip
        half = Loss(**shared, rule="stop", key="half", title="Drive", started_at=SIX - timedelta(hours=1), seconds=7200, units=70,
                    money=Decimal("70.00"), figures={}, ended_at=SIX + timedelta(hours=1))  # fmt: skip
        out = Loss(**shared, rule="minor_stops", key="out", title="Not then", started_at=SIX - timedelta(hours=8), seconds=9000,
                   units=1, money=Decimal("9.00"), figures={"parts": parts[:1]}, ended_at=SIX + timedelta(hours=1))  # fmt: skip
        session.add_all([long, half, out])
    client = await web.client("operator")
    found = (await client.get("/api/v1/losses", params=WINDOW)).json()
    names = ("title", "seconds", "units", "money")
    told = [tuple(one[name] for name in names) for one in found]
    assert told == [("Drive", 3600, 35, 35), ("Jams", 120, 120, 2.5)]
    assert [one["title"] for one in (await client.get("/api/v1/losses", params={**WINDOW, "limit": 1})).json()] == [
        "Drive"
    ]
    assert (await client.get(f"/api/v1/losses/{found[0]['id']}")).json()["seconds"] == 7200
    monkeypatch.setenv("DATABASE_URL", web.store.dsn)
    assert await command("losses", "--from", WINDOW["from"], "--to", WINDOW["to"]) == 0
    assert [tuple(one[name] for name in names) for one in json.loads(capsys.readouterr().out)] == told


async def test_a_time_without_a_zone_is_the_plants(web):
    client = await web.client("operator")
    for start in (WINDOW["from"], "2026-03-02T05:00Z"):
        figure = (await client.get("/api/v1/kpis", params={"equipment": "filler", **WINDOW, "from": start})).json()[0]
        assert datetime.fromisoformat(figure["from"]) == SIX
    wrong = await client.get("/api/v1/losses", params={"from": WINDOW["to"], "to": WINDOW["from"]})
    assert wrong.status_code == 422
    assert "not before" in wrong.json()["detail"]
