"""The site as a whole: the same seed is the same past, nothing is made of nothing, readings are in order."""

import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mom.plant.load import load_plant
from simulator.plant.causes import ALARMS, CAUSES, alarm_of
from simulator.plant.plant import Plant

ROOT = Path(__file__).parents[2]


def columns(plant: Plant) -> list[bytes]:
    return [
        part for batch in plant.past() for part in (batch.tag.tobytes(), batch.at.tobytes(), batch.number.tobytes())
    ]


def test_the_same_seed_is_the_same_past_byte_for_byte():
    assert columns(Plant(5, 2)) == columns(Plant(5, 2))
    assert Plant(5, 2).records() == Plant(5, 2).records()


def test_another_seed_is_another_past():
    assert columns(Plant(5, 2)) != columns(Plant(6, 2))


def test_bottles_in_are_bottles_out_and_scrap_and_what_is_on_the_way(week):
    for line in week.site.lines.values():
        scrap = sum(sum(machine.scrapped) for machine in line.machines)
        assert line.machines[0].fed == pytest.approx(line.lane.fed + scrap + sum(line.level), abs=1e-2)
        assert line.lane.fed > 100_000
        assert 0.003 < scrap / line.machines[0].fed < 0.08


def test_readings_come_in_order_once_each_and_fit_their_tags(week):
    began = time.perf_counter()
    batches = list(week.past())
    print(f"a week of two lines: {sum(map(len, batches)):,} readings in {time.perf_counter() - began:.2f} s")
    at = np.concatenate([batch.at for batch in batches])
    tag = np.concatenate([batch.tag for batch in batches])
    assert (np.diff(at) >= 0).all()
    assert len(np.unique(np.stack([tag.astype(np.int64), at]), axis=1).T) == len(at)
    assert {batches[0].tags[i] for i in np.unique(tag)} == {t.id for t in week.layout.tags}
    texts = [row for batch in batches for row in batch.rows() if isinstance(row[2], str)]
    assert {row[0] for row in texts} == {"L2.order", "L2.product"}


def test_counters_never_go_back():
    plant = Plant(4, 1)
    batches = list(plant.past())
    counting = {t.id for t in plant.layout.tags if t.counts}
    seen: dict[str, list[float]] = {}
    for batch in batches:
        for tag, _, value, _ in batch.rows():
            if tag in counting:
                seen.setdefault(tag, []).append(value)
    assert seen.keys() == counting
    for tag, values in seen.items():
        assert all(after > before for before, after in pairwise(values)), tag


def test_the_site_is_neither_idle_nor_perfect(week):
    for path, line in week.site.lines.items():
        product_rate = [o.product.rate for o in week.site.books[path].past]
        ideal = np.mean(product_rate) * 7 * 1440
        assert 0.5 < line.machines[-1].good / ideal < 0.9


def test_crews_change_and_some_stops_are_never_named(week):
    assert {shift.crew for shift in week.site.shifts} >= {"A", "B", "C"}
    named = [stop.entered for stop in week.site.stoppages.log]
    assert 0.05 < 1 - sum(named) / len(named) < 0.4


def test_every_reason_and_alarm_has_a_text_in_the_plant_file():
    plant = load_plant(ROOT / "plant.yaml")
    tags = {tag.id: tag for connector in plant.connectors for tag in connector.tags}
    codes = {cause.code for causes in CAUSES.values() for cause in causes} | {30, 40, 41}
    assert codes <= {int(code) for code in tags["L1.filler.reason"].texts}
    assert {alarm_of(code) for code in ALARMS} <= {int(code) for code in tags["L1.filler.alarm"].texts}


def test_a_tag_that_the_site_does_not_have_is_refused_by_name(tmp_path):
    file = tmp_path / "plant.yaml"
    file.write_text((ROOT / "plant.yaml").read_text(encoding="utf-8").replace("L1.capper.torque", "L1.capper.colour"))
    with pytest.raises(ValueError, match="L1.capper.colour: the simulated site has no 'colour' at line-1/capper"):
        Plant(1, 1, plant=file)


def test_no_shift_no_production(tmp_path):
    text = (ROOT / "plant.yaml").read_text(encoding="utf-8")
    night = '    - {name: night, start: "22:00", end: "06:00"}\n'
    assert night in text
    text = text.replace(night, "").replace(
        "  rotation:", "  exceptions: [{date: 2026-03-26, shifts: [late]}]\n  rotation:"
    )
    file = tmp_path / "plant.yaml"
    file.write_text(text, encoding="utf-8")
    plant = Plant(2, 3, plant=file).run()
    worked = [(shift.date.day, shift.name) for shift in plant.site.shifts if shift.begins > 0]
    assert worked == [(24, "late"), (25, "early"), (25, "late"), (26, "late"), (27, "early")]
    fed = np.array([point[:2] for point in plant.site.machines["line-1/filler"].points])
    for before, after in pairwise(plant.site.shifts):
        count = np.interp([before.ends + 1, after.begins + 200, after.ends - 1], fed[:, 0], fed[:, 1])
        if after.begins > before.ends:
            assert count[0] == count[1]
        assert count[2] > count[1]
    states = [v for at, path, key, v in plant.site.recorder.changes if (path, key) == ("line-1/filler", "state")]
    assert {2, 3, 6} <= set(states)


def test_a_week_is_lived_through_in_seconds():
    began = time.perf_counter()
    Plant(1, 7).run()
    print(f"a week of two lines took {time.perf_counter() - began:.2f} s (aim: 2 s a line)")
