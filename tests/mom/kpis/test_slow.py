"""KPIs against a second computation from raw readings and records: plain Python, second by second, nothing of ours in it."""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from mom.facts import Window
from mom.history.derive import derive_touched
from mom.kpis.board import kpis
from mom.kpis.scope import Scope
from mom.models import (
    InspectionResult,
    MaintenanceOrder,
    MaterialBooking,
    PersonnelTime,
    ProductionOrder,
    StockLevel,
    StockMove,
)

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HOURS = 5
END = HOURS * 3600
STANDING, DELAY = (2, 3, 6), ("breakdown", "minor", "unclassified", "starved", "blocked")
RATE = {"A": 60.0, "B": 30.0}
COST = {"A": 0.2, "B": 0.4}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@dataclass
class Raw:
    """Everything that was told, as plain values; times in seconds from START."""

    states: dict[int, int] = field(default_factory=dict)  # filler: from this second on
    modes: dict[int, int] = field(default_factory=dict)
    reasons: dict[int, int] = field(default_factory=dict)
    made: dict[str, dict[int, tuple[int, int]]] = field(default_factory=dict)  # machine: minute -> good, scrap
    runs: dict[int, tuple[int, int]] = field(default_factory=dict)  # from this second on: order, product code
    records: list[Any] = field(default_factory=list)

    def of(self, kind: type) -> list[Any]:
        return [record for record in self.records if isinstance(record, kind)]


def draw_readings(draw: random.Random) -> Raw:
    raw = Raw()
    moment = 0
    while moment < END:
        raw.states[moment] = draw.choice((1, 1, 1, 2, 3, 4, 5, 6, 7))
        if raw.states[moment] in STANDING and draw.random() < 0.5:
            raw.reasons[moment + 1] = draw.choice((10, 11))
        moment += draw.randrange(20, 900)
    raw.modes = {0: 0} | {m: draw.choice((0, 1)) for m in sorted(draw.sample(range(1, END), 4))}
    codes = [0, *sorted(draw.sample(range(60, END, 60), 3))]
    raw.runs = {moment: (7000 + n, n % 2 + 1) for n, moment in enumerate(codes)}
    for machine in ("filler", "packer"):
        raw.made[machine] = {m: (draw.randrange(0, 60), draw.randrange(0, 3)) for m in range(1, HOURS * 60)}
    return raw


async def tell(works: Any, raw: Raw) -> None:
    rows: list[tuple[Any, ...]] = [("filler.state", second, code) for second, code in raw.states.items()]
    rows += [("filler.set_up", second, mode) for second, mode in raw.modes.items()]
    rows += [("filler.reason", second, code) for second, code in raw.reasons.items()]
    for second, (order, product) in raw.runs.items():
        rows += [("line.order", second, order), ("line.product", second, product)]
    for machine, minutes in raw.made.items():
        good = scrap = 0
        rows += [(f"{machine}.good", 0, 0), (f"{machine}.scrap", 0, 0)]
        for minute, (g, s) in minutes.items():
            good, scrap = good + g, scrap + s
            rows += [(f"{machine}.good", 60 * minute + 30, good), (f"{machine}.scrap", 60 * minute + 30, scrap)]
    rows.append(("filler.state", END, 1))
    await works.put(*rows)
    async with works.store.write.begin() as session:
        session.add_all(raw.records)
    while (await derive_touched(works.store)).touched:
        pass


def draw_records(draw: random.Random, site: int) -> list[Any]:
    own = lambda key: {"site_id": site, "source": "test", "key": key}  # noqa: E731
    span = lambda most: (lambda s: (at(s), at(s + draw.randrange(60, most))))(draw.randrange(-3000, END))  # noqa: E731
    found: list[Any] = []
    for n in range(12):
        start, end = span(9000)
        kind = draw.choice(("attendance", "work"))
        line = {"equipment": "works/line", "people": float(draw.randrange(1, 5)), "trade": "operator"}
        found.append(PersonnelTime(**own(f"p{n}"), kind=kind, **line, started_at=start, ended_at=end))
        start, end = span(6000)
        kind = draw.choice(("corrective", "preventive"))
        work = {"equipment": "works/line/filler", "part": f"x{n}", "kind": kind, "title": "t", "status": "done"}
        hours = (end - start).total_seconds() / 3600 * draw.choice((1, 2))
        planned = draw.choice((None, start - timedelta(hours=1), end - timedelta(days=2)))
        times = {
            "started_at": start,
            "ended_at": end,
            "reported_at": start - timedelta(minutes=30),
            "planned_at": planned,
        }
        found.append(MaintenanceOrder(**own(f"m{n}"), **work, **times, hours=hours, planned_hours=1.5))
        place = {"equipment": "works/line", "material": "bottles", "unit": "pcs", "product": "A", "order": "7000"}
        kind = draw.choice(
            ("consumed", "integrated", "production_loss", "storage_loss", "transport_loss", "other_loss")
        )
        found.append(
            MaterialBooking(
                **own(f"b{n}"), **place, kind=kind, quantity=float(draw.randrange(1, 5000)), at=at(draw.randrange(END))
            )
        )
        level = {"equipment": "works/line/filler", "material": draw.choice(("caps", "bottles")), "unit_cost": 0.5}
        found.append(
            StockLevel(
                **own(f"s{n}"),
                **level,
                quantity=float(draw.randrange(100, 9000)),
                at=at(draw.randrange(-5000, END) + n / 100),
            )
        )
        move = {
            "lot": "L",
            "material": "caps",
            "to_equipment": "works/line/filler",
            "quantity": float(draw.randrange(1, 900)),
        }
        found.append(StockMove(**own(f"v{n}"), **move, at=at(draw.randrange(3600, END))))
    found.append(
        StockLevel(
            **own("s0caps"), equipment="works/line/filler", material="caps", unit_cost=0.5, quantity=50.0, at=at(-9000)
        )
    )
    long_ago = {"started_at": at(-9000), "ended_at": at(-8000)}
    found.append(PersonnelTime(**own("p-old"), kind="work", equipment="works/line", people=1.0, **long_ago))
    found.append(
        MaintenanceOrder(
            **own("m-old"), equipment="works/line", kind="preventive", title="t", status="done", hours=1.0, **long_ago
        )
    )
    found.append(
        MaterialBooking(
            **own("b-old"), material="bottles", kind="consumed", quantity=1.0, equipment="works/line", at=at(-9000)
        )
    )
    for n in range(60):
        value = round(draw.gauss(10, 1), 3)
        told = {
            "equipment": "works/line/filler",
            "characteristic": "torque",
            "product": "A",
            "order": f"{7000 + n % 2}",
        }
        told |= {"value": value, "low": 5.0, "high": 15.0, "passed": draw.random() < 0.8, "sample": f"q{n // 2}"}
        found.append(InspectionResult(**own(f"i{n}"), **told, attempt=1, at=at(250 * (n // 2) + n % 2)))
    for n in range(5):
        due, done = at(draw.randrange(END)), at(draw.randrange(END))
        order = {
            "product": "AB"[n % 2],
            "quantity": 1000.0,
            "line": "works/line",
            "status": "done",
            "planned_scrap": 10.0 * n + 5,
        }
        good = float(draw.choice((970, 980, 1200)))
        found.append(
            ProductionOrder(
                **own(f"{7000 + n}"),
                **order,
                release_at=at(-9000),
                due_at=due,
                planned_end=due,
                finished_at=done,
                good=good,
            )
        )
    return found


def last(told: dict[int, Any], second: int) -> Any:
    """What held at a second: the slow way."""
    return told[max(moment for moment in told if moment <= second)]


def classes(raw: Raw) -> list[str]:
    """The class of every second of the filler."""
    found: list[str] = []
    stands = [last(raw.states, s) in STANDING and not last(raw.modes, s) for s in range(END)]
    stop_of = _stops(stands)
    for second in range(END):
        state = last(raw.states, second)
        if last(raw.modes, second):
            found.append("set_up")
        elif stands[second]:
            start, end = stop_of[second]
            reason = any(start - 5 <= told <= end + 5 for told in raw.reasons)
            found.append("minor" if end - start < 300 else "breakdown" if reason else "unclassified")
        else:
            found.append({4: "starved", 5: "blocked", 7: "idle"}.get(state, "production"))
    return found


def _stops(stands: list[bool]) -> dict[int, tuple[int, int]]:
    found, second = {}, 0
    while second < len(stands):
        end = second
        while end < len(stands) and stands[end]:
            end += 1
        found |= dict.fromkeys(range(second, end), (second, end))
        second = max(end, second + 1)
    return found


def slow(raw: Raw, low: int, high: int, product: str | None) -> dict[str, float | None]:
    """Every KPI that these rows carry, for the filler in [low, high)."""
    kinds = classes(raw)
    on = [s for s in range(low, high) if product is None or "AB"[last(raw.runs, s)[1] - 1] == product]
    n = {kind: sum(1 for s in on if kinds[s] == kind) for kind in (*DELAY, "set_up", "idle", "production")}
    apt, aust, adet = n["production"], n["set_up"], sum(n[kind] for kind in DELAY)
    pbt, aubt, aupt = len(on), apt + aust + adet, apt + aust
    begun = {start: end for start, end in set(_stops([k in DELAY[:3] for k in kinds]).values()) if start in set(on)}
    ttr = n["breakdown"] + n["unclassified"]
    fe = sum(1 for start, end in begun.items() if end - start >= 300)
    pieces = [(m, last(raw.runs, 60 * m)[1], g, s) for m, (g, s) in raw.made["filler"].items() if low <= 60 * m < high]
    pieces = [row for row in pieces if product in (None, "AB"[row[1] - 1])]
    good, scrap = float(sum(row[2] for row in pieces)), float(sum(row[3] for row in pieces))
    made = good + scrap
    ideal = sum((row[2] + row[3]) * 60 / RATE["AB"[row[1] - 1]] for row in pieces)
    cost = sum(row[3] * COST["AB"[row[1] - 1]] for row in pieces)
    speed, quality = part(ideal, apt), part(good, made)
    return {
        "availability": part(apt, pbt), "effectiveness": speed, "quality_ratio": quality,
        "oee": part(ideal * good / made if made else 0.0, pbt),
        "nee": aupt / pbt * speed * quality if speed is not None and quality is not None and pbt else None,
        "teep": part(ideal * good / made if made else 0.0, pbt), "ooe": part(ideal * good / made if made else 0.0, pbt),
        "set_up_rate": part(aust, aupt), "technical_efficiency": part(apt, apt + adet),
        "utilization_efficiency": part(apt, aubt), "allocation_efficiency": part(aubt, pbt),
        "allocation_ratio": part(aubt, pbt), "production_process_ratio": part(apt, pbt), "throughput_rate": part(3600 * made, pbt),
        "scrap_ratio": part(scrap, made), "fall_off_ratio": part(scrap, made), "rework_ratio": part(0, made),
        "equipment_load_ratio": part(made, pbt), "cost_of_poor_quality": cost, "produced": made, "good": good, "scrap": scrap,
        "mtbf_iso": (aupt + ttr) / (fe + 1), "mttf_iso": aupt / (fe + 1), "mttr_iso": ttr / (fe + 1), "mtba": part(apt, len(begun)),
        "mtbf": part(aupt + ttr, fe), "mttf": part(aupt, fe), "mttr": part(ttr, fe),
    }  # fmt: skip


def slow_papers(raw: Raw, low: int, high: int) -> dict[str, float | None]:
    """What the line's records carry in [low, high), of all products."""
    seconds = lambda a, b: max(0.0, min((b - START).total_seconds(), high) - max((a - START).total_seconds(), low))  # noqa: E731
    here = lambda t: t is not None and low <= (t - START).total_seconds() < high  # noqa: E731
    times = {
        k: sum(p.people * seconds(p.started_at, p.ended_at) for p in raw.of(PersonnelTime) if p.kind == k)
        for k in ("attendance", "work")
    }
    booked = {k: sum(b.quantity for b in raw.of(MaterialBooking) if b.kind == k and here(b.at)) for k in _KINDS}
    due = [o for o in raw.of(ProductionOrder) if here(o.due_at)]
    work = raw.of(MaintenanceOrder)
    cmt = sum(seconds(w.started_at, w.ended_at) for w in work if w.kind == "corrective")
    pmt = sum(seconds(w.started_at, w.ended_at) for w in work if w.kind == "preventive")
    rate = lambda w: w.hours / (w.ended_at - w.started_at).total_seconds() * seconds(w.started_at, w.ended_at)  # noqa: E731
    planned = [w for w in work if w.kind == "preventive" or (w.planned_at and w.planned_at <= w.started_at)]
    scheduled = [w for w in work if here(w.planned_at)]
    samples: dict[str, list[Any]] = {}
    for result in raw.of(InspectionResult):
        samples.setdefault(result.sample, []).append(result)
    inside = [rows for rows in samples.values() if here(min(r.at for r in rows))]
    good = sum(g for m, (g, _) in raw.made["filler"].items() if low <= 60 * m < high)
    good -= sum(s for m, (_, s) in raw.made["packer"].items() if low <= 60 * m < high)
    consumed = booked["consumed"]
    return {
        "worker_efficiency": part(times["work"], times["attendance"]),
        "corrective_maintenance_ratio": part(cmt, cmt + pmt),
        "planned_maintenance_percentage": part(sum(map(rate, planned)), sum(map(rate, work))),
        "maintenance_schedule_compliance": part(sum(w.ended_at <= w.planned_at + timedelta(days=1) for w in scheduled), len(scheduled)),
        "first_time_fix_rate": part(*[float(sum(w.kind == "corrective" and here(w.ended_at) for w in work))] * 2),
        "on_time_in_full": part(sum(o.finished_at <= o.due_at and o.good >= 980 for o in due), len(due)),
        "schedule_adherence": part(sum(abs(o.finished_at - o.planned_end) <= timedelta(hours=8) for o in due), len(due)),
        "first_pass_yield": part(sum(all(r.passed for r in rows) for rows in inside), len(inside)),
        "finished_goods_ratio": part(good, consumed), "integrated_goods_ratio": part(good + booked["integrated"], consumed),
        "production_loss_ratio": part(booked["production_loss"], consumed), "other_loss_ratio": part(booked["other_loss"], consumed),
        "storage_transport_loss_ratio": part(booked["storage_loss"] + booked["transport_loss"], consumed),
        "inventory_turns": _turns(raw, low, high, here), **_capability(raw, here),
    }  # fmt: skip


_KINDS = ("consumed", "integrated", "production_loss", "storage_loss", "transport_loss", "other_loss")


def _turns(raw: Raw, low: int, high: int, here: Callable[[datetime], bool]) -> float | None:
    """Stock held to the end of each level, a hundredth of a second at a time would be slow: by the edges instead."""
    lying = 0.0
    for material in ("caps", "bottles"):
        levels = sorted(
            ((row.at - START).total_seconds(), row.quantity) for row in raw.of(StockLevel) if row.material == material
        )
        for (begin, quantity), (end, _) in zip(levels, [*levels[1:], (1e9, 0.0)], strict=True):
            lying += quantity * 0.5 * max(0.0, min(end, high) - max(begin, low))
    return part(sum(move.quantity * 0.5 for move in raw.of(StockMove) if here(move.at)) * (high - low), lying)


def _capability(raw: Raw, here: Callable[[datetime], bool]) -> dict[str, float | None]:
    rows = sorted(raw.of(InspectionResult), key=lambda r: r.at)
    values = [row.value for row in rows if here(row.at)]
    moves = []
    for order in {row.order for row in rows}:
        own = [row for row in rows if row.order == order]
        moves += [abs(b.value - a.value) for a, b in pairwise(own) if here(b.at)]
    mean = sum(values) / len(values) if values else 0.0
    s = (sum((v - mean) ** 2 for v in values) / (len(values) - 1)) ** 0.5 if len(values) > 1 else 0.0
    sigma = sum(moves) / len(moves) / 1.128 if moves else 0.0
    room = min(15 - mean, mean - 5)
    return {
        "machine_capability": part(10, 6 * s) if len(values) >= 50 else None,
        "critical_machine_capability": part(room, 3 * s) if len(values) >= 50 else None,
        "process_capability": part(10, 6 * sigma) if len(values) >= 25 else None,
        "critical_process_capability": part(room, 3 * sigma) if len(values) >= 25 else None,
    }


def part(a: float, b: float) -> float | None:
    return a / b if b > 0 else None


@pytest.mark.parametrize("plant", range(3))
async def test_the_same_as_the_slow_way_from_raw_rows(works: Any, plant: int) -> None:
    seed = int(os.environ.get("LINESIDE_SEED", random.randrange(2**32))) + plant
    print(f"seed {seed}")
    draw = random.Random(seed)
    raw = draw_readings(draw)
    raw.records = draw_records(draw, works.site_id)
    await tell(works, raw)
    for low, high in [(0, END), *(sorted(draw.sample(range(0, END, 60), 2)) for _ in range(2))]:
        for product in (None, "A", "B"):
            found = await _figures(works, "Filler", low, high, Scope(product=product))
            if not any("AB"[last(raw.runs, s)[1] - 1] == product or product is None for s in range(low, high)):
                assert set(found.values()) == {None}
                continue
            _same(found, slow(raw, low, high, product), f"seed {seed}: {low} to {high} of {product}")
        found = await _figures(works, "L1", low, high, Scope())
        _same(found, slow_papers(raw, low, high), f"seed {seed}: {low} to {high}, papers")


async def _figures(works: Any, name: str, low: int, high: int, scope: Scope) -> dict[str, float | None]:
    async with works.store.read() as session:
        return {
            f.name: f.value for f in await kpis(session, name, Window(at(low), at(high)), at(END + 90_000 * 3), scope)
        }


def _same(found: dict[str, float | None], expected: dict[str, float | None], what: str) -> None:
    for name, value in expected.items():
        assert found[name] == (None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)), (what, name)
