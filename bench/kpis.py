"""KPIs of 50 machines over 90 days, from the store's rows, against DuckDB over Parquet with the same rows."""

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import duckdb
from sqlalchemy import text

from bench.bench import Bench, Row
from mom.database.access import Store, engines
from mom.database.embedded import EmbeddedServer
from mom.database.migrate import migrate
from mom.facts import Window
from mom.kpis.elements import elements
from mom.kpis.kpi import Elements
from mom.plant.apply import apply_plant
from mom.plant.schema import Plant
from mom.rollups.basis import kept_paths
from mom.rollups.keep import keep_hours, refresh
from mom.rollups.read import elements_over
from mom.store.facts import scene_of
from mom.store.plants import Layout, layout_of

MACHINES = int(os.environ.get("LINESIDE_BENCH_MACHINES", "50"))
DAYS = int(os.environ.get("LINESIDE_BENCH_DAYS", "90"))
START = datetime(2026, 1, 5, tzinfo=UTC)
END = START + timedelta(days=DAYS)
TIMES = 5

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
LATE = (
    "UPDATE state_intervals SET started_at = :until WHERE equipment_id = :machine AND started_at = "
    "(SELECT min(started_at) FROM state_intervals WHERE equipment_id = :machine AND started_at > :at)",
    "UPDATE state_intervals SET ended_at = :until WHERE equipment_id = :machine AND started_at = :at",
    "UPDATE counts SET produced = produced + :n, good = good + :n WHERE equipment_id = :machine"
    " AND started_at >= :until AND started_at < :until + interval '1 minute'",
)


async def kpi_query() -> list[Row]:
    folder = _folder()
    try:
        with EmbeddedServer(folder / "home") as server:
            migrate(server.dsn(), START)
            async with engines(server.dsn(), server) as store:
                first, last = await _fill(store)
                from_rows, rows = await _from_rows(store)
                await _keep(store)
                from_hours, ours = await _from_hours(store)
                late = await _late_event(store, first)
        baseline, theirs = _duckdb(folder, first, last)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [
        _against("rollups", from_hours, baseline, "<= 0.25"),
        _against("rollups, just after late data", late.read, baseline, "<= 0.25"),
        _equal("rollups, greatest difference to DuckDB", _worst(ours, theirs), "DuckDB"),
        _equal("rollups, greatest difference just after late data", late.difference, "the rows"),
        Row(name="late event", value=1000 * late.anew, unit="ms", baseline="the aim", baseline_value=50,
            ratio=1000 * late.anew / 50, aim="<= 1"),
        _against(f"KPIs of {MACHINES} machines x {DAYS} days, every row read", from_rows, baseline, "none"),
        _equal("every row read, greatest difference to DuckDB", _worst(rows, theirs), "DuckDB"),
    ]  # fmt: skip


def _against(name: str, seconds: float, baseline: float, aim: str) -> Row:
    return Row(
        name=name, value=seconds, unit="s", baseline="DuckDB over Parquet", baseline_value=baseline,
        ratio=seconds / baseline, aim=aim,
    )  # fmt: skip


def _equal(name: str, worst: float, to: str) -> Row:
    return Row(name=name, value=worst, unit="1", baseline=to, baseline_value=1e-9, ratio=worst / 1e-9, aim="<= 1")


def _worst(ours: list[tuple[float, ...]], theirs: list[tuple[float, ...]]) -> float:
    pairs = ((a, b) for o, t in zip(ours, theirs, strict=True) for a, b in zip(o, t, strict=True))
    return max((abs(a - b) / max(abs(b), 1.0) for a, b in pairs), default=0.0)


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


async def _from_rows(store: Store) -> tuple[float, list[tuple[float, ...]]]:
    async with store.read() as session:
        layout = await layout_of(session, 1)
        begin = time.perf_counter()
        scene = await scene_of(session, layout, Window(START, END), END, fine=False)
        made = {path: elements(facts) for path, facts in scene.facts.items()}
        seconds = time.perf_counter() - begin
    return seconds, _in_order(layout, made)


async def _keep(store: Store) -> None:
    """What the worker does in the background."""
    while await keep_hours(store, END + timedelta(hours=1)):
        pass
    async with await store.connect(autocommit=True) as connection:
        await connection.execute("ANALYZE")


async def _from_hours(store: Store) -> tuple[float, list[tuple[float, ...]]]:
    """The middle of some readings, as for DuckDB."""
    times: list[float] = []
    async with store.read() as session:
        layout = await layout_of(session, 1)
        for _ in range(TIMES):
            begin = time.perf_counter()
            made = await elements_over(session, layout, kept_paths(layout), Window(START, END), END)
            times.append(time.perf_counter() - begin)
    return median(times), _in_order(layout, made)


def _in_order(layout: Layout, made: Mapping[str, Elements]) -> list[tuple[float, ...]]:
    machines = sorted(made, key=lambda path: layout.machines[path].id)
    return [tuple(made[path].values[name] for name in ("APT", "PQ", "GQ", "SQ")) for path in machines]


@dataclass(frozen=True)
class Late:
    """`anew`: seconds to make the touched hours and days anew; `read`: to read all before that; and how far the
    figures of the machine then were from those of its rows."""

    anew: float
    read: float
    difference: float


async def _late_event(store: Store, machine: int) -> Late:
    """A stop in the middle of the window turns out longer, and a count other than it was: both hours are touched."""
    at = START + timedelta(days=DAYS // 2, hours=5, minutes=48)
    values = {"machine": machine, "at": at, "until": at + timedelta(minutes=30)}
    anew, read, difference = [], [], 0.0
    for turn in range(TIMES):
        async with store.write.begin() as session:
            for statement in LATE:
                await session.execute(text(statement), {**values, "n": turn + 1})
        seconds, kept = await _from_hours(store)
        difference = max(difference, await _off_rows(store, machine, kept[0]))
        async with store.write.begin() as session:
            begin = time.perf_counter()
            await refresh(session, 1, END + timedelta(hours=1))
        anew.append(time.perf_counter() - begin)
        read.append(seconds)
        difference = max(difference, await _off_rows(store, machine, (await _from_hours(store))[1][0]))
    return Late(median(anew), median(read), difference)


async def _off_rows(store: Store, machine: int, kept: tuple[float, ...]) -> float:
    async with store.read() as session:
        layout = await layout_of(session, 1)
        path = next(m.path for m in layout.machines.values() if m.id == machine)
        scene = await scene_of(session, layout, Window(START, END), END, only=[path], fine=False)
    return _worst([kept], _in_order(layout, {path: elements(scene.facts[path])}))


def _duckdb(folder: Path, first: int, last: int) -> tuple[float, list[tuple[float, ...]]]:
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
    times = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        rows = con.execute(wanted).fetchall()
        times.append(time.perf_counter() - begin)
    return median(times), [tuple(float(v) for v in row) for row in rows]


kpis = Bench("kpis", kpi_query)
