"""The demo's copy of a plant file: the same plant, on ports that are free."""

import socket
from pathlib import Path

import pytest
import yaml

from api.demo_plant import write_demo_plant

PLANT = """
connectors:
  - {id: plc, protocol: modbus, host: 127.0.0.1, port: %d, tags: [{id: a, address: "holding:0"}]}
  - {id: far, protocol: modbus, host: 10.0.0.7, port: 502}
  - {id: ua, protocol: opcua, url: "opc.tcp://127.0.0.1:%d/line"}
systems:
  - {id: erp, url: "http://127.0.0.1:%d/erp"}
  - {id: cmms, url: "http://127.0.0.1:%d/cmms"}
products:
  - {id: P, code: %d}
"""


@pytest.fixture
def copy(tmp_path: Path):
    def write(port: int, *, keep: bool) -> dict:
        source = tmp_path / "plant.yaml"
        source.write_text(PLANT % ((port,) * 5))
        target = write_demo_plant(source, tmp_path / "home" / "plant.yaml", keep_ports=keep)
        return yaml.safe_load(target.read_text())

    return write


def used(plant: dict) -> set[int]:
    urls = [plant["connectors"][2]["url"], plant["systems"][0]["url"], plant["systems"][1]["url"]]
    return {plant["connectors"][0]["port"]} | {int(url.split(":")[2].split("/")[0]) for url in urls}


def test_a_free_port_stays(copy, free_port):
    assert used(copy(free_port, keep=True)) == {free_port}


def test_a_taken_port_moves_everywhere_it_is_named(copy):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        plant = copy(port, keep=True)
    assert len(used(plant)) == 1
    assert used(plant) != {port}
    assert plant["connectors"][1] == {"id": "far", "protocol": "modbus", "host": "10.0.0.7", "port": 502}
    assert plant["products"] == [{"id": "P", "code": port}]


def test_another_demo_never_tries_the_usual_ones(copy, free_port):
    assert used(copy(free_port, keep=False)) != {free_port}
