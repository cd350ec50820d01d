"""The demo's own copy of the plant file, with ports that are free: several demos may run on one computer."""

import re
import socket
from pathlib import Path
from typing import Any

import yaml

LOCAL = ("127.0.0.1", "localhost")
LOCAL_ADDRESS = re.compile(r"(?<=://)(127\.0\.0\.1|localhost):(\d+)")


def write_demo_plant(source: Path, target: Path, *, keep_ports: bool) -> Path:
    """Write `source` to `target`, each loopback port replaced by a free one; with `keep_ports` only where it is taken.

    Only the demo on the usual address keeps them: two that start together would find the same ones free.
    """
    plant = yaml.safe_load(source.read_text(encoding="utf-8"))
    ports = Ports(keep_ports)
    moved = {key: _moved(plant[key], ports) for key in ("connectors", "systems") if key in plant}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(yaml.safe_dump(plant | moved, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return target


class Ports(dict[int, int]):
    """Port of the plant file -> port that is free now."""

    def __init__(self, keep: bool) -> None:
        super().__init__()
        self._keep = keep

    def __missing__(self, port: int) -> int:
        self[port] = port if self._keep and _can_bind(port) else _any_port()
        return self[port]


def _moved(value: Any, ports: Ports) -> Any:
    if isinstance(value, list):
        return [_moved(item, ports) for item in value]
    if isinstance(value, str):
        return LOCAL_ADDRESS.sub(lambda found: f"{found[1]}:{ports[int(found[2])]}", value)
    if not isinstance(value, dict):
        return value
    moved = {key: _moved(item, ports) for key, item in value.items()}
    if value.get("host") in LOCAL and isinstance(value.get("port"), int):
        moved["port"] = ports[value["port"]]
    return moved


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
