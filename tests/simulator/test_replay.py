"""A recording through a real OPC UA server: every change arrives, once, with its own time."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asyncua import Client

from simulator.recording import BadRecording, read_recording
from simulator.replay import serve

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HEAD = "time_s,node,value,type\n"


def written(folder: Path, text: str) -> Path:
    (folder / "run.csv").write_text(HEAD + text, encoding="utf-8")
    return folder


class Heard:
    def __init__(self) -> None:
        self.changes: list[tuple[str, float, object]] = []

    def datachange_notification(self, node, value, data) -> None:
        at = data.monitored_item.Value.SourceTimestamp
        self.changes.append((node.nodeid.Identifier, round((at - START).total_seconds(), 3), value))


async def heard_of(recording: Path, port: int, speed: float) -> list[tuple[str, float, object]]:
    listening = asyncio.Event()
    serving = asyncio.create_task(serve(recording, port, speed, START, ready=lambda url: listening.set()))
    await asyncio.wait([serving, asyncio.create_task(listening.wait())], return_when=asyncio.FIRST_COMPLETED)
    heard = Heard()
    async with Client(f"opc.tcp://127.0.0.1:{port}/replay") as client:
        subscription = await client.create_subscription(250, heard)
        nodes = [client.get_node(f"ns=2;s={node}") for node in read_recording(recording).kinds]
        await subscription.subscribe_data_change(nodes, queuesize=10, sampling_interval=50)
        played = await serving
    assert played.changes == len(heard.changes)
    return heard.changes


async def test_a_burst_and_a_calm_arrive_whole(tmp_path, free_port):
    burst = "".join(f"{5 + i / 1000:.3f},Speed,{i}.5,Continuous\n" for i in range(30))
    begin = "0.0,Alarm_1,False,Alarm\n0.0,Speed,0.0,Continuous\n0.0,Prog,MAIN,Categorical\n"
    text = f"{begin}{burst}40.25,Alarm_1,True,Alarm\n"
    heard = await heard_of(written(tmp_path, text), free_port, 60)
    assert sorted(heard, key=str) == sorted(
        [
            ("Alarm_1", 0.0, False),
            ("Speed", 0.0, 0.0),
            ("Prog", 0.0, "MAIN"),
            *(("Speed", round(5 + i / 1000, 3), i + 0.5) for i in range(30)),
            ("Alarm_1", 40.25, True),
        ],
        key=str,
    )
    speeds = [at for node, at, _ in heard if node == "Speed"]
    assert speeds == sorted(speeds)


async def test_a_real_run_arrives_whole(real_data, free_port):
    run = real_data("cnc-lathe-faults") / "faults" / "exp_probe" / "exp_7" / "run_3"
    heard = await heard_of(run, free_port, 600)
    assert len({(node, at) for node, at, _ in heard}) == len(heard)
    assert len(heard) == len(read_recording(run).changes)


def test_a_value_that_does_not_fit_its_type_makes_its_node_a_text(tmp_path):
    recording = read_recording(written(tmp_path, "0,A,1.5,Continuous\n1,A,off,Continuous\n0,B,True,Binary\n"))
    assert recording.kinds == {"A": "text", "B": "bool"}
    assert [change.value for change in recording.changes if change.node == "A"] == ["1.5", "off"]


def test_a_line_that_repeats_a_value_is_no_change(tmp_path):
    recording = read_recording(written(tmp_path, "0,A,1,Counter\n1,A,1.0,Counter\n2,A,2,Counter\n3,A,1,Counter\n"))
    assert [change.time_s for change in recording.changes] == [0, 2, 3]
    assert recording.repeated == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.0,A,1\n", r"run.csv:2: expected time_s,node,value,type, got '0.0,A,1'"),
        ("soon,A,1,Counter\n", r"run.csv:2: expected time_s,node,value,type"),
        ("nan,A,1,Counter\n", r"run.csv:2: expected a time in seconds"),
        ("", "has no changes"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, said):
    with pytest.raises(BadRecording, match=said):
        read_recording(written(tmp_path, text))


def test_a_folder_without_a_recording_is_refused(tmp_path):
    with pytest.raises(BadRecording, match="expected a CSV file, or a folder with one; it has 0"):
        read_recording(tmp_path)


@pytest.mark.parametrize(("speed", "start"), [(0, START), (1, datetime(2026, 3, 1))])
async def test_a_senseless_pace_or_start_is_refused(tmp_path, free_port, speed, start):
    with pytest.raises(ValueError, match="expected"):
        await serve(written(tmp_path, "0,A,1,Counter\n"), free_port, speed, start)
