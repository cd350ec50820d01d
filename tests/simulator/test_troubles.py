"""Each planted trouble leaves its trace where a person would look for it, and costs what it costs."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from simulator.plant import plant as plants
from simulator.plant.plant import Plant
from simulator.troubles import late_supplier
from simulator.troubles.registry import all_troubles

SEED, DAYS = 11, 3
NOW = plants.DEMO_NOW + timedelta(days=7)  # all of these three days crew C works
HERE = ((DAYS - 0.5, None),)


@pytest.fixture
def pair(monkeypatch):
    """The plant with one trouble from its first day on, and the same plant without it."""

    def planted(name: str) -> tuple[Plant, Plant]:
        for trouble in all_troubles().values():
            monkeypatch.setattr(trouble, "when", HERE if trouble.name == name else ())
        monkeypatch.setattr(late_supplier, "LATE_DAYS", (1.5,))
        return Plant(SEED, DAYS, now=NOW).run(), Plant(SEED, DAYS, without=[name], now=NOW).run()

    return planted


def scrap(plant: Plant, path: str, reason: str) -> float:
    machine = plant.site.machines[path]
    return machine.scrapped[machine.reasons.index(reason)]


def mean(plant: Plant, tag: str, last_hours: float = 24) -> float:
    since = plant.now.timestamp() * 1e6 - last_hours * 3600e6
    rows = [(b.number[(b.tag == b.tags.index(tag)) & (b.at > since)]) for b in plant.past()]
    return float(np.concatenate(rows).mean())


def test_there_are_at_least_eight():
    assert len(all_troubles()) >= 8


def test_a_worn_chuck(pair):
    plant, other = pair("capper_chuck")
    assert scrap(plant, "line-2/capper", "torque") > 1.2 * scrap(other, "line-2/capper", "torque")
    assert mean(plant, "L2.capper.torque") < mean(other, "L2.capper.torque") - 0.05


def test_a_slow_filler(pair):
    plant, other = pair("filler_slow")
    assert plant.site.machines["line-1/filler"].slow == 0.91
    assert plant.outcome().good < other.outcome().good - 10_000
    assert any("PM filler 1" in order.title for order in plant.site.maintenance.orders)


def test_a_bad_lot_of_labels(pair):
    plant, other = pair("label_lot")
    assert scrap(plant, "line-1/labeller", "label") > 3 * scrap(other, "line-1/labeller", "label")
    assert any(move.lot == "LB-7741" for move in plant.site.material.moves)


def test_a_format_part_that_does_not_fit(pair):
    plant, other = pair("format_part")

    def longest(lived: Plant) -> float:
        shown = [
            (at, v) for at, path, key, v in lived.site.recorder.changes if (path, key) == ("line-2/packer", "set_up")
        ]
        return max(end - begin for (begin, on), (end, _) in pairwise(shown) if on)

    assert longest(plant) > longest(other) + 15 * 60


def test_a_leak_of_air(pair):
    plant, other = pair("air_leak")
    assert mean(plant, "AIR.flow") > mean(other, "AIR.flow") + 25
    used = plant.site.metering.compressor.settle(), other.site.metering.compressor.settle()
    assert used[0] > 1.05 * used[1]


def test_a_sensor_that_lies(pair):
    plant, other = pair("lying_sensor")
    assert scrap(plant, "line-2/filler", "underfill") > 3 * scrap(other, "line-2/filler", "underfill")
    volumes = [
        r for r in plant.site.laboratory.results if r.machine == "line-2/filler" and r.characteristic == "fill volume"
    ]
    assert len(volumes) > 10
    assert sum(result.passed for result in volumes) >= 0.95 * len(volumes)


def test_a_late_supplier(pair):
    plant, other = pair("late_supplier")
    stood = [s for s in plant.site.stoppages.log if s.machine == "line-1/capper" and s.code == 30]
    assert [round((s.ended - s.began) / 3600) for s in stood] in ([3], [4])
    assert not [s for s in other.site.stoppages.log if s.code == 30]
    late = [
        lot
        for lot in plant.site.material.lots.values()
        if lot.supplier == "Kapsel AG" and lot.received - lot.expected > 7200
    ]
    assert late


def test_an_untrained_operator(pair):
    plant, other = pair("untrained_operator")

    def minutes(lived: Plant, crew: str) -> float:
        stops = [s for s in lived.site.stoppages.log if s.machine == "line-2/labeller" and s.crew == crew and s.ended]
        return sum(s.ended - s.began for s in stops if s.state == 11) / 60

    assert minutes(plant, "C") > 1.5 * minutes(other, "C")


def test_without_a_trouble_that_was_never_there_nothing_changes():
    plant = Plant(SEED, 3)
    assert "label_lot" not in {truth["trouble"] for truth in plant.truth()}
    assert set(plant.cost_of("label_lot").values()) == {0.0}


def test_a_trouble_costs_money(pair):
    plant, other = pair("filler_slow")
    cost = other.outcome().less(plant.outcome())
    assert cost["money"] > 500
    assert cost["good"] > 10_000


def test_other_machines_draw_the_same_without_the_trouble(pair):
    plant, other = pair("late_supplier")
    first = min(s.began for s in plant.site.stoppages.log if s.code == 30)
    stops = [[(s.machine, s.code, s.began) for s in p.site.stoppages.log if s.began < first] for p in (plant, other)]
    assert stops[0] == stops[1]
    assert len(stops[0]) > 100


def test_work_on_the_right_part_ends_a_trouble():
    plant = Plant(SEED, 3).run()
    chuck = plant.troubles["capper_chuck"]
    assert chuck.active
    assert chuck.answers_to("line-2/capper", "chuck", "Replace it")
    assert chuck.answers_to("line-2/capper", "", "Check the capper, caps jam")
    assert not chuck.answers_to("line-1/capper", "chuck", "")
    assert not chuck.answers_to("line-2/capper", "cap hopper", "clean it")


def test_an_unknown_trouble_is_refused():
    with pytest.raises(ValueError, match="no such trouble; known: air_leak"):
        plants.Plant(1, 1, without=["gremlins"])


def test_the_demo_has_active_and_past_troubles():
    truth = Plant(7, 30).truth()
    assert 2 <= len({t["trouble"] for t in truth if t["active"]}) <= 6
    assert len([t for t in truth if not t["active"]]) >= 4
