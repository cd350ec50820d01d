"""A recorded machine is replayed through a real server: every change is stored once, alarms that stop become stops."""

import csv
import socket

import pytest

from api.commands.replay import PLANT, as_text
from api.replaying import replay
from connectors.check import check_plant
from mom.settings import Settings
from simulator.recording import read_recording
from simulator.replay import serve

LINES = [
    (0.0, "Hyd_A_700206", "False", "Alarm"),
    (0.0, "CLF_A_700307", "False", "Alarm"),
    (0.0, "Hyd_Pressure", "10000", "Continuous"),
    (0.0, "Prog_Name", "MAIN_CH1_MPF", "Categorical"),
    (0.0, "New_Sensor", "1.5", "Continuous"),
    (0.0, "New_Switch", "False", "Binary"),
    (10.0, "CLF_A_700307", "True", "Alarm"),
    (20.0, "Hyd_A_700206", "True", "Alarm"),
    (20.0, "Prog_LineNo", "-2", "Categorical"),
    (21.0, "New_Switch", "True", "Binary"),
    (50.5, "Hyd_A_700206", "False", "Alarm"),
    (60.0, "CLF_A_700307", "False", "Alarm"),
    (90.0, "Hyd_Pressure", "9161", "Continuous"),
]


@pytest.fixture
def replayed(database, tmp_path):
    """`await replayed(path, speed)`: the outcome."""
    settings = Settings(LINESIDE_HOME=tmp_path / "home")

    async def run(path, speed):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]

        async def serving(start, ready):
            return await serve(path, port, speed, start, ready=ready)

        return await replay(settings, database, check_plant(PLANT), read_recording(path), serving)

    return run


def test_the_shipped_plant_file_names_what_stops_the_lathe():
    stops = {tag.id for block in check_plant(PLANT).connectors for tag in block.tags if tag.stops}
    assert {"Hyd_A_700202", "Hyd_A_700206", "LP_A_700301", "CLT_A_700310", "MPA_A_701124"} <= stops
    assert not stops & {"T_A_701309", "Prog_A_701330", "SR_A_67040", "CLF_A_700307"}


async def test_a_recording(replayed, tmp_path, rows):
    path = tmp_path / "run.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("time_s", "node", "value", "type"), *LINES])
    outcome = await replayed(path, 60)
    assert (outcome.offered, outcome.stored, outcome.twice, outcome.waiting) == (len(LINES), len(LINES), 0, 0)
    assert outcome.is_whole
    assert outcome.unnamed == ["New_Sensor", "New_Switch"]
    assert [(stop["reason"], stop["seconds"]) for stop in outcome.stops] == [
        ("700206 hydraulic oil below minimum", 30.5)
    ]
    assert sorted((alarm["text"][:6], alarm["stops"]) for alarm in outcome.alarms) == [
        ("700206", True),
        ("700307", False),
    ]
    assert "13 changes offered, 13 stored, 0 twice" in as_text(outcome)
    again = await replayed(path, 60)
    assert again.is_whole
    assert again.end < outcome.start
    assert len(again.stops) == 1
    assert await rows("SELECT count(*) FROM readings") == [(2 * len(LINES),)]
    assert (
        await rows("SELECT number FROM readings JOIN tags ON tags.id = tag_id WHERE name = 'Prog_LineNo'")
        == [(-2.0,)] * 2
    )


async def test_a_real_run(replayed, real_data):
    folder = real_data("cnc-lathe-faults") / "faults" / "exp_hydraulics" / "exp_12" / "run_1"
    outcome = await replayed(folder, 60)
    assert outcome.is_whole, (outcome.offered, outcome.stored, outcome.twice)
    assert [stop["reason"] for stop in outcome.stops] == ["700206 hydraulic oil below minimum"]
    assert outcome.unnamed == []
