"""The doctor finds each fault and says what to do; it starts nothing heavy and changes nothing."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLANT = """
site: {{id: works, name: The Works}}
time_zone: Europe/Vienna
calendar: {{shifts: [{{name: day, start: "06:00", end: "18:00"}}]}}
equipment:
  - id: line-1
    name: Line 1
    units: [{{id: filler, name: Filler, level: work_unit, ideal_rate: 60}}]
connectors:
  - id: plc
    protocol: modbus
    host: 127.0.0.1
    port: {port}
    tags: [{{id: L1.good, address: "holding:1", type: uint32, equipment: line-1/filler, meaning: good}}]
systems:
  - {{id: erp, kind: erp, url: "http://127.0.0.1:{port}/hook"}}
"""


def doctor(dsn: str, folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LINESIDE_", "OPENAI_", "SMTP"))}
    env |= {"PYTHONPATH": str(ROOT), "LINESIDE_HOME": str(folder), "DATABASE_URL": dsn, **more}
    command = [sys.executable, "-m", "api", "doctor", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)


@pytest.fixture
def plant(tmp_path: Path, free_port: int) -> Path:
    path = tmp_path / "plant.yaml"
    path.write_text(PLANT.format(port=free_port))
    return path


async def test_each_fault_has_its_remedy(database_dsn, tmp_path, plant, free_port):
    dead = f"http://127.0.0.1:{free_port}/v1"
    settings = {"OPENAI_BASE_URL": dead, "LINESIDE_MODEL": "any", "SMTP_URL": f"smtp://127.0.0.1:{free_port}"}
    done = await asyncio.to_thread(doctor, database_dsn, tmp_path, "--plant", str(plant), "--json", **settings)
    assert done.returncode == 1, done.stderr
    found = {one["check"]: one for one in json.loads(done.stdout)}
    states = {name: one["state"] for name, one in found.items()}
    faults = {name for name, state in states.items() if state == "fault"}
    assert faults == {"connector plc", "system erp", "model", "mail"}
    assert all(found[name]["remedy"] for name in faults)
    assert "LINESIDE_SECRET_ERP" in found["system erp"]["remedy"]
    assert "OPENAI_BASE_URL" in found["model"]["remedy"]
    assert {states[name] for name in ("python", "home", "disk", "database", "plant file")} == {"ok"}


async def test_a_wrong_plant_file_is_told_with_its_line(database_dsn, tmp_path, plant):
    plant.write_text(plant.read_text().replace("uint32", "unit32"))
    done = await asyncio.to_thread(doctor, database_dsn, tmp_path, "--plant", str(plant))
    assert done.returncode == 1
    assert "FAULT plant file" in done.stdout
    assert "plant.yaml:14" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


async def test_a_database_that_is_away_is_told(tmp_path, plant, free_port):
    away = f"postgresql://nobody@127.0.0.1:{free_port}/none"
    done = await asyncio.to_thread(doctor, away, tmp_path, "--plant", str(plant))
    assert done.returncode == 1
    assert "FAULT database" in done.stdout
    assert "DATABASE_URL" in done.stdout


def test_help_loads_nothing_heavy():
    program = "import sys, api.commands.doctor; print([n for n in ('asyncua', 'openai', 'langgraph', 'altair', 'ortools') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
