"""A demo plant file with free ports, and a week that several tests look at."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulator.plant.plant import Plant

ROOT = Path(__file__).parents[2]
PORTS = ("15020", "15021", "14840", "18400")


@pytest.fixture
def plant_file(plant_file_for: Callable[[], Path]) -> Path:
    """The demo's plant file, its ports exchanged for free ones."""
    return plant_file_for()


@pytest.fixture(scope="session")
def plant_file_for(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes plant files with ports of their own."""
    return lambda: _with_free_ports(tmp_path_factory.mktemp("plant"))


def _with_free_ports(folder: Path) -> Path:
    text = (ROOT / "plant.yaml").read_text(encoding="utf-8")
    with _ports(len(PORTS)) as free:
        for port, other in zip(PORTS, free, strict=True):
            assert port in text
            text = text.replace(port, str(other))
    file = folder / "plant.yaml"
    file.write_text(text, encoding="utf-8")
    return file


class _ports:
    def __init__(self, count: int) -> None:
        self.sockets = [socket.socket() for _ in range(count)]

    def __enter__(self) -> list[int]:
        for probe in self.sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in self.sockets]

    def __exit__(self, *_: object) -> None:
        for probe in self.sockets:
            probe.close()


@pytest.fixture(scope="module")
def week() -> Plant:
    """Seven days of seed 3, lived through and not yet read."""
    return Plant(3, 7).run()


class Hands:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Hands:
    return Hands(datetime(2026, 3, 27, 8, 0, tzinfo=UTC))
