"""`lineside kpis`, `losses` and `explain` on a small plant, as a person and a program read them."""

import argparse
import importlib
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from mom import clock
from mom.errors import BadInput, NotFound
from mom.history.keep_up import keep_up

START = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
NOW = START + timedelta(hours=2)


@pytest.fixture
async def lost(works: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A filler that stood for ten minutes, and a store that commands find."""
    await works.put(("line.order", 0, 4711), ("line.product", 0, 1), ("filler.state", 0, 1))
    await works.put(("filler.state", 600, 2), ("filler.alarm", 600, 7), ("filler.reason", 610, 10))
    await works.put(("filler.state", 1200, 1), ("filler.alarm", 1200, 0), ("filler.reason", 1200, 0))
    await works.put(*[("filler.good", 60 * n, 60 * (min(n, 10) + max(n - 20, 0))) for n in range(121)])
    while await keep_up(works.store, NOW):
        pass
    monkeypatch.setenv("DATABASE_URL", works.store.dsn)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return works


async def command(name: str, *words: str, capsys: pytest.CaptureFixture[str]) -> str:
    module = importlib.import_module(f"api.commands.{name}")
    module.now = clock.now  # the moment that stands still
    parser = argparse.ArgumentParser()
    module.arguments(parser)
    assert await module.run(parser.parse_args(words)) == 0
    return capsys.readouterr().out


async def test_kpis_take_plant_time_and_a_name_that_people_use(lost: Any, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--equipment", "l1", "--from", "2026-03-02T07:00", "--to", "2026-03-02T07:30")  # 06:00 UTC
    figures = {f["name"]: f for f in json.loads(await command("kpis", *asked, "--json", capsys=capsys))}
    assert figures["availability"]["value"] == pytest.approx(20 / 30)
    assert datetime.fromisoformat(figures["availability"]["from"]) == START
    assert figures["mttr"]["value"] == 600
    assert "Availability                      66.7 %" in await command("kpis", *asked, capsys=capsys)


async def test_losses_and_why(lost: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = json.loads(await command("losses", "--from", "2026-03-02", "--to", "2026-03-03", "--json", capsys=capsys))
    assert (row["kind"], row["seconds"], row["units"], row["money"]) == ("breakdown", 600, 600, 300)
    assert "€ 300" in await command("losses", "--equipment", "filler", "--from", "2026-03-02", capsys=capsys)
    assert json.loads(await command("losses", "--equipment", "packer", "--json", capsys=capsys)) == []
    why = json.loads(await command("explain", row["ref"], "--json", capsys=capsys))
    assert (why["sufficient"], why["causes"][0]["kind"]) == (False, "first_alarm")
    told = await command("explain", str(row["id"]), capsys=capsys)
    assert told.startswith("I cannot tell yet. Next: ")
    assert told.splitlines()[1] == "Filler: jam, 07:10 to 07:20: 10 min, 600 pieces, € 300."


@pytest.mark.parametrize(
    ("name", "words", "error"),
    [
        ("kpis", ("--equipment", "fillr"), NotFound),
        ("kpis", ("--equipment", "filler", "--from", "soon"), BadInput),
        ("kpis", ("--equipment", "filler", "--from", "2026-03-05"), BadInput),
        ("kpis", ("--equipment", "filler", "--from", "2026-03-02", "--to", "2026-03-01"), BadInput),
        ("losses", ("--site", "nowhere"), NotFound),
        ("explain", ("twelve",), BadInput),
        ("explain", ("999",), NotFound),
    ],
)
async def test_bad_questions_are_refused_with_what_to_do(
    lost: Any, capsys: pytest.CaptureFixture[str], name: str, words: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await command(name, *words, capsys=capsys)
