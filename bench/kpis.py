"""KPIs of 50 machines over 90 days, from the store's rows, against DuckDB over Parquet with the same rows."""

import os
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import text

from bench.bench import Bench, Row
from mom.database.access import Store, engines
from mom.database.embedded import EmbeddedServer
from mom.database.migrate import migrate
from mom.facts import Window
from mom.kpis.elements import elements
from mom.plant.apply import apply_plant
from mom.plant.schema import Plant
from mom.store.facts import scene_of
from mom.store.plants import layout_of

MACHINES = int(os.environ.get("LINESIDE_BENCH_MACHINES", "50"))
DAYS = int(os.environ.get("LINESIDE_BENCH_DAYS", "90"))
START = datetime(2026, 1, 5, tzinfo=UTC)
END = START + timedelta(days=DAYS)

# An hour of a machine: 48 minutes of production, then 12 of standing; the same rows for both.
STATES = """
    SELECT m AS equipment_id, timestamptz '{start}' + h * interval '1 hour' + s.low * interval '1 minute' AS started_at,
      timestamptz '{start}' + h * interval '1 hour' + s.high * interval '1 minute' AS ended_at, s.state AS state
    FROM generate_series({first}, {last}) AS g(m) CROSS JOIN generate_series(0, {hours}) AS k(h)
    CROSS JOIN (VALUES (0, 48, 'Execute'), (48, 60, 'Held')) AS s(low, high, state)
"""
COUNTS = """
    SELECT m AS equipment_id, timestamptz '{start}' + h * interval '1 hour' + n * interval '1 minute' AS started_at,
      timestamptz '{start}' + h * interval '1 hour' + (n + 1) * interval '1 minute' AS ended_at,
      50.0 + (h + n) % 10 AS produced, 50.0 + (h + n) % 10 - (n % 7 = 0)::int AS good, (n % 7 = 0)::int::float AS scrap
    FROM generate_series({first}, {last}) AS g(m) CROSS JOIN generate_series(0, {hours}) AS k(h)
    CROSS JOIN generate_series(0, 47) AS i(n)
"""


async def kpi_query() -> list[Row]:
    folder = _folder()
    try:
        with EmbeddedServer(folder / "home") as server:
            migrate(server.dsn(), START)
            async with engines(server.dsn(), server) as store:
                first, last = await _fill(store)
                seconds, ours = await _ours(store)
        baseline, theirs = _duckdb(folder, first, last)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    worst = max(
        abs(a - b) / max(abs(b), 1.0) for o, t in zip(ours, theirs, strict=True) for a, b in zip(o, t, strict=True)
    )
    name = f"KPIs of {MACHINES} machines x {DAYS} days"
    against = "DuckDB over Parquet"
    return [
        Row(name=name, value=seconds, unit="s", baseline=against, baseline_value=baseline,
            ratio=seconds / baseline, aim="<= 0.25, from rollups"),
        Row(name="greatest difference to DuckDB", value=worst, unit="1", baseline="equal", baseline_value=1e-9,
            ratio=worst / 1e-9, aim="<= 1"),
    ]  # fmt: skip


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lineside-bench-"))
    folder.chmod(0o711)  # as root the server is another user's
    return folder


async def _fill(store: Store) -> tuple[int, int]:
    """A plant of single machines that work always; returns their first and last id."""
    plant = Plant.model_validate(
        {
            "site": {"id": "bench", "name": "Bench"},
            "calendar": {"shifts": [{"name": "all", "start": "00:00", "end": "00:00"}]},
            "equipment": [{"id": f"m{n}", "name": f"Machine {n}", "ideal_rate": 60} for n in range(MACHINES)],
            "connectors": [{"id": "plc", "protocol": "modbus", "tags": [
                {"id": f"m{n}.state", "address": "holding:0", "equipment": f"m{n}", "meaning": "state"}
                for n in range(MACHINES)]}],
        }
    )  # fmt: skip
    async with store.write.begin() as session:
        applied = await apply_plant(session, plant)
        first, last = min(applied.equipment.values()), max(applied.equipment.values())
        told = {"first": first, "last": last}
        await session.execute(text(
            "INSERT INTO state_intervals (site_id, equipment_id, started_at, ended_at, state)"
            f" SELECT {applied.site_id}, * FROM ({_sql(STATES, **told)})"
        ))  # fmt: skip
        await session.execute(text(
            "INSERT INTO counts (site_id, source, equipment_id, started_at, ended_at, produced, good, scrap)"
            f" SELECT {applied.site_id}, 'plc', * FROM ({_sql(COUNTS, **told)})"
        ))  # fmt: skip
    async with await store.connect(autocommit=True) as connection:
        await connection.execute("ANALYZE")
    return first, last


def _sql(query: str, first: int, last: int) -> str:
    return query.format(start=START.isoformat(), first=first, last=last, hours=24 * DAYS - 1)


async def _ours(store: Store) -> tuple[float, list[tuple[float, ...]]]:
    async with store.read() as session:
        layout = await layout_of(session, 1)
        begin = time.perf_counter()
        scene = await scene_of(session, layout, Window(START, END), END, fine=False)
        made = [elements(facts).values for facts in scene.facts.values()]
        seconds = time.perf_counter() - begin
    machines = sorted(zip((f.machine.id for f in scene.facts.values()), made, strict=True), key=lambda pair: pair[0])
    return seconds, [tuple(v[name] for name in ("APT", "PQ", "GQ", "SQ")) for _, v in machines]


def _duckdb(folder: Path, first: int, last: int) -> tuple[float, list[tuple[Any, ...]]]:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    states, counts = folder / "states.parquet", folder / "counts.parquet"
    for query, path in ((STATES, states), (COUNTS, counts)):
        con.execute(f"COPY ({_sql(query, first, last)}) TO '{path}' (FORMAT parquet)")
    wanted = f"""
        SELECT s.apt, c.pq, c.gq, c.sq FROM
          (SELECT equipment_id, sum(CASE WHEN state = 'Execute' THEN epoch(ended_at) - epoch(started_at) END) AS apt
           FROM '{states}' GROUP BY 1) s
        JOIN (SELECT equipment_id, sum(produced) AS pq, sum(good) AS gq, sum(scrap) AS sq FROM '{counts}' GROUP BY 1) c
        USING (equipment_id) ORDER BY equipment_id"""
    con.execute(wanted).fetchall()
    begin = time.perf_counter()
    rows = con.execute(wanted).fetchall()
    return time.perf_counter() - begin, [tuple(float(v) for v in row) for row in rows]


kpis = Bench("kpis", kpi_query)
