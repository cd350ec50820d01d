"""A connector's block that cannot work is refused with file, line, field and what to do."""

import pytest

from connectors.check import check_plant, protocols
from mom.errors import BadInput

PLANT = """\
site: {id: test, name: Test}
calendar: {shifts: [{name: day, start: "06:00", end: "14:00"}]}
equipment: [{id: line-1, name: Line 1}]
connectors:
  - id: plc
    protocol: modbus
    host: 127.0.0.1
    every: 1s
    tags:
      - {id: a, address: "holding:0", equipment: line-1}
      - {id: b, address: "ns=2;s=x", equipment: line-1}
"""


def test_protocols_are_found_by_being_there():
    assert {"modbus", "opcua"} <= set(protocols())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("", "", 11, "tag b: address: 'ns=2;s=x': expected holding:N"),
        ("every: 1s", "evry: 1s", 8, "connector plc: evry: unknown key; did you mean every"),
        ("every: 1s", "every: 1", 8, "expected a duration"),
        ("every: 1s", "every: 1ms", 8, "expected 10ms to 1h"),
        ("host: 127.0.0.1", "port: 99999", 5, "host: missing"),
        ("protocol: modbus", "protocol: modbuss", 6, "did you mean modbus"),
        ("protocol: modbus\n    host: 127.0.0.1\n    every: 1s", "protocol: opcua\n    url: http://x", 7, "opc.tcp://"),
    ],
)
def test_refused_with_line_and_remedy(tmp_path, old, new, line, words):
    path = tmp_path / "plant.yaml"
    path.write_text(PLANT.replace(old, new) if old else PLANT)
    with pytest.raises(BadInput) as refused:
        check_plant(path)
    assert any(text.startswith(f"{path}:{line}:") and words in text for text in str(refused.value).splitlines()), (
        refused.value
    )


def test_security_is_whole_or_refused(tmp_path):
    path = tmp_path / "plant.yaml"
    opcua = "protocol: opcua\n    url: opc.tcp://x:4840\n    security: Basic256Sha256"
    path.write_text(PLANT.replace("protocol: modbus\n    host: 127.0.0.1\n    every: 1s", opcua))
    with pytest.raises(BadInput, match="certificate, private_key, trust"):
        check_plant(path)
