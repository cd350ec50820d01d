"""Plants drawn from seeds: the same again byte for byte, nothing made of nothing, troubles that cost what they stop."""

import hashlib
import random
import time
from collections import Counter
from itertools import islice, pairwise

import pytest

from simulator.drawn.calendar import Calendar
from simulator.drawn.effects import Strike
from simulator.drawn.layout import draw_layout
from simulator.drawn.life import Life
from simulator.drawn.outcome import outcome_of
from simulator.drawn.plant import DrawnPlant
from simulator.drawn.registry import all_kinds

HOUR = 3600.0


def digest(plant: DrawnPlant) -> str:
    found = hashlib.sha256(repr(plant.file).encode())
    for batch in plant.past():
        for column in (batch.tag, batch.at, batch.number, batch.status):
            found.update(column.tobytes())
    found.update(repr(plant.records()).encode())
    found.update(repr(plant.truth()).encode())
    return found.hexdigest()


def test_the_same_seed_is_the_same_plant_byte_for_byte():
    assert digest(DrawnPlant(4, 1.5)) == digest(DrawnPlant(4, 1.5))
    assert digest(DrawnPlant(4, 1.5)) != digest(DrawnPlant(5, 1.5))


def test_plants_have_what_they_shall_have():
    layouts = [draw_layout(seed) for seed in range(200)]
    assert {len(layout.units) for layout in layouts} >= {3, 14}
    assert all(3 <= len(layout.units) <= 14 for layout in layouts)
    assert 20 < sum(layout.shared is not None for layout in layouts) < 120
    assert sum(any(len(stage) > 1 for line in layout.lines for stage in line.stages) for layout in layouts) > 40
    lines = [line for layout in layouts for line in layout.lines]
    wrong = sum(all(unit.path != line.constraint for unit in line.stages[line.bottleneck]) for line in lines)
    assert 0.05 < wrong / len(lines) < 0.4  # the plant's opinion


def test_every_kind_of_trouble_comes_up():
    seen = Counter(t.kind for seed in range(200) for t in DrawnPlant(seed).troubles)
    wanted = all_kinds().keys() - {"sensor_lies"}
    wanted |= {
        "sensor_offset",
        "sensor_frozen",
        "sensor_noisy",
        "innocent_signal",
        "innocent_lot",
        "innocent_maintenance",
    }
    assert wanted == seen.keys()
    assert min(seen.values()) >= 10, seen


@pytest.mark.parametrize("seed", [1, 3, 7, 10, 24])
def test_what_comes_in_goes_out_is_thrown_out_or_stands_in_a_buffer(seed):
    life = DrawnPlant(seed).life()
    for line in life.lines:
        made = [sum(unit.good for unit in stage) for stage in line.stages]
        fed = [sum(unit.fed for unit in stage) for stage in line.stages]
        for index in range(line.count - 1):
            assert made[index] == pytest.approx(fed[index + 1] + line.level[index], abs=0.05)
            assert -1e-6 <= line.level[index] <= line.room[index] + 1e-6
        assert sum(pieces for _, pieces in life.made_of(line)) == pytest.approx(made[-1])


def test_a_plant_without_a_trouble_differs_by_that_alone():
    plant = DrawnPlant(4)
    for trouble in plant.troubles:
        other = DrawnPlant(4, without=[trouble.name])
        ours = {repr(effect) for effect in plant.effects} - {repr(effect) for effect in trouble.effects}
        assert ours <= {repr(effect) for effect in other.effects}
        assert [t.name for t in other.troubles] == [t.name for t in plant.troubles if t is not trouble]


def test_what_does_nothing_costs_nothing():
    for seed in (1, 4, 7):
        plant = DrawnPlant(seed)
        for truth in plant.truth():
            if not truth["costs"]:
                assert set(plant.cost_of(truth["name"]).values()) == {0.0}, (seed, truth["trouble"])


def single(seed, strikes):
    """Outcomes of the plant without anything ordinary, and with these stops alone."""
    layout = draw_layout(seed)
    calendar = Calendar(layout, 2.0)
    calm, hit = (Life(layout, calendar, some, {}, False).run() for some in ([], strikes))
    return layout, outcome_of(calm), outcome_of(hit)


def serial_seeds():
    """Plants of one fully loaded line whose slowest stage is one machine, neither first nor last."""
    for seed in range(400):
        layout = draw_layout(seed)
        line = layout.lines[0]
        inner = 0 < line.bottleneck < len(line.stages) - 1
        inner = inner and all(len(set(product.pace.values())) == 1 for product in line.products)
        if len(layout.lines) == 1 and line.load == 1 and inner and len(line.stages[line.bottleneck]) == 1:
            yield seed, line


def test_a_stop_at_the_bottleneck_costs_its_time_and_a_short_one_elsewhere_nothing():
    absorbed = []
    for seed, line in islice(serial_seeds(), 8):
        at = 5 * HOUR
        unit = line.stages[line.bottleneck][0].path
        _, calm, hit = single(seed, [Strike(at, unit, 1200.0, 11, sure=True, breakdown=True)])
        assert calm.hours - hit.hours == pytest.approx(1 / 3, rel=0.15), seed
        behind = line.stages[line.bottleneck + 1][0].path
        room = line.room[line.bottleneck] * 0.7 / (line.stages[line.bottleneck][0].speed / 60)
        short = min(60.0, room * 0.5)
        _, calm, hit = single(seed, [Strike(at, behind, short, 11, sure=True, breakdown=True)])
        assert calm.hours - hit.hours < short / HOUR + 1e-3, seed  # where an order was just running out
        absorbed.append(abs(calm.hours - hit.hours) < 0.006)
    assert absorbed.count(True) >= 6


def test_a_unit_of_several_side_by_side_costs_at_most_its_share():
    checked = 0
    for seed in range(30):
        layout = draw_layout(seed)
        wide = [(line, stage) for line in layout.lines for stage in line.stages if len(stage) > 1]
        if not wide:
            continue
        _, stage = wide[0]
        _, calm, hit = single(seed, [Strike(5 * HOUR, stage[0].path, 1800.0, 11, sure=True, breakdown=True)])
        assert calm.hours - hit.hours <= 0.5 / len(stage) + 0.08, seed
        checked += 1
    assert checked > 5


def test_faster_where_it_matters_makes_more_and_elsewhere_does_not():
    for seed, line in islice(serial_seeds(), 3):
        base = outcome_of(DrawnPlant(seed, 2.0).life()).hours
        slowest = line.stages[line.bottleneck][0].path
        gains = {u.path: DrawnPlant(seed, 2.0, faster={u.path: 0.05}).outcome().hours - base for u in line.units}
        assert max(gains, key=gains.__getitem__) == slowest, (seed, gains)


def test_readings_come_late_twice_and_by_clocks_that_are_off():
    plant = DrawnPlant(4)
    rows = [row for batch in plant.past() for row in batch.rows()]
    seen = Counter((tag, at) for tag, at, _, _ in rows)
    assert 0.0005 < sum(n > 1 for n in seen.values()) / len(rows) < 0.01
    times = [at for _, at, _, _ in rows]
    assert sum(b < a for a, b in pairwise(times)) > 10
    assert any(status for _, _, _, status in rows)
    tags = {tag["id"] for block in plant.file["connectors"] for tag in block["tags"]}
    assert {tag for tag, _, _, _ in rows} <= tags
    off = [abs(drift) + abs(start) for seed in range(20) for start, drift in [clock(DrawnPlant(seed, 1.0))]]
    assert sum(one > 0.2 for one in off) > 2


def clock(plant):
    off, drift = plant.readings._clocks()
    return float(off[0]), float(drift[0] * plant.calendar.seconds)


def test_names_that_a_plant_does_not_have_are_refused():
    with pytest.raises(ValueError, match="t99: no such trouble"):
        DrawnPlant(1, without=["t99"])
    with pytest.raises(ValueError, match="line-9/m1: no such machine"):
        DrawnPlant(1, faster={"line-9/m1": 0.05})


def test_a_random_plant_lives(capsys):
    seed = random.randrange(5000)
    print(f"seed {seed}")
    began = time.perf_counter()
    plant = DrawnPlant(seed)
    outcome = plant.outcome()
    with capsys.disabled():
        print(f" {len(plant.layout.units)} machines, {plant.days:g} days: {time.perf_counter() - began:.2f} s ", end="")
    assert outcome.good > 0
    worked = sum(end - start for start, end in plant.calendar.spans()) / HOUR
    assert 0.2 < outcome.hours / (worked * len(plant.layout.lines)) < 1.02
    telling = [t["telling"] for t in plant.truth() if t["telling"]]
    assert all(plant.start <= moment <= plant.now for moment in telling)


def test_what_is_told_of_a_trouble_holds_together():
    """Over some plants: it lies in the plant's time, its machine is there, what nothing shows has no cause."""
    seen = Counter()
    for seed in range(40, 52):
        plant = DrawnPlant(seed)
        paths = {unit.path for unit in plant.layout.units} | {line.path for line in plant.layout.lines}
        keys = {record.key for record in plant.records()} | {r.data.get("lot") for r in plant.records()}
        for truth in plant.truth():
            assert truth["equipment"] in paths
            assert plant.start <= truth["from"] < plant.now
            assert truth["to"] is None or truth["from"] <= truth["to"] <= plant.now
            assert not (truth["innocent"] and (truth["loss"] or truth["costs"] or truth["telling"]))
            cause = truth["cause"]
            if truth["trouble"].endswith("unknown"):
                assert (cause["kind"], truth["knowable"]) == ("none", False)
            for key in ("lot", "order"):
                done = truth["to"] is not None
                assert cause[key] is None or not done or cause[key] in keys, truth
            seen[truth["trouble"]] += 1
    assert len(seen) > 20
