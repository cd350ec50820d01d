"""The parts of a difference: exact, the same in any order, sensible in plain cases."""

import random

import pytest

from mom.changed.side import Lost, Made, Side, Spoilt, Stratum, Worth, value_of
from mom.changed.split import split
from mom.history.classes import TimeClass

CAPPER_JAM = Lost("site/line-1/capper", TimeClass.minor_stop, "cap jam")
CHANGE_OVER = Lost("site/line-1/filler", TimeClass.set_up)


def line(
    planned: float, lost: dict[Lost, float], mix: dict[str, float], pace: float = 2.0, bad: float = 0.0
) -> Stratum:
    """A stratum whose production time is divided by `mix`; `bad`: share spoilt at the labeller."""
    left = planned - sum(lost.values())
    made = {
        product: Made(
            left * share, left * share * pace, {Spoilt("site/line-1/labeller", "label"): left * share * pace * bad}
        )
        for product, share in mix.items()
    }
    return Stratum(planned, lost, made)


def by_factor(parts) -> dict[str, float]:
    totals: dict[str, float] = {}
    for part in parts:
        totals[part.factor] = totals.get(part.factor, 0.0) + part.value
    return totals


def random_side(draw: random.Random, names: dict[str, list]) -> Side:
    """Anything a side may be: crews, products and reasons that come and go, empty strata, counts without production time."""
    side = {}
    for crew in draw.sample(names["crews"], draw.randint(0, len(names["crews"]))):
        lost = {key: draw.choice([0.0, draw.uniform(0, 900)]) for key in draw.sample(names["lost"], draw.randint(0, 3))}
        made = {}
        for product in draw.sample(names["products"], draw.randint(0, 3)):
            seconds = draw.choice([0.0, draw.uniform(0, 5000)])
            amount = draw.choice([0.0, draw.uniform(0, 9000)])
            spoilt = {key: draw.uniform(0, 50) for key in draw.sample(names["spoilt"], draw.randint(0, 2))}
            made[product] = Made(seconds, amount, spoilt)
        planned = sum(lost.values()) + sum(one.seconds for one in made.values())
        side[crew] = Stratum(planned, lost, made)
    return side


NAMES = {
    "crews": ["A", "B", "C"],
    "products": ["p1", "p2", "p3"],
    "lost": [CAPPER_JAM, CHANGE_OVER, Lost("site/line-1/filler", TimeClass.breakdown, "drive")],
    "spoilt": [Spoilt("m1", "label"), Spoilt("m2", "torque")],
}
WORTH = {"p1": Worth(0.4, 0.1), "p2": Worth(1.7, 0.6), "p3": Worth(0.0, 0.2)}


@pytest.mark.parametrize("seed", range(150))
def test_the_parts_add_up_to_the_difference_whatever_the_sides_are(seed):
    draw = random.Random(seed)
    before, after = random_side(draw, NAMES), random_side(draw, NAMES)
    for worth in ({}, WORTH):
        difference = value_of(after, worth) - value_of(before, worth)
        scale = max(1.0, value_of(after, {}), value_of(before, {}))
        assert sum(part.value for part in split(before, after, worth)) == pytest.approx(difference, abs=1e-9 * scale)


@pytest.mark.parametrize("seed", range(20))
def test_the_way_back_has_the_same_parts_with_the_other_sign(seed):
    draw = random.Random(seed)
    before, after = random_side(draw, NAMES), random_side(draw, NAMES)
    there, back = by_factor(split(before, after, WORTH)), by_factor(split(after, before, WORTH))
    assert {name: -value for name, value in back.items()} == pytest.approx(there, abs=1e-6)


def test_the_order_of_names_does_not_matter():
    before = {"": line(28800, {CAPPER_JAM: 600, CHANGE_OVER: 1800}, {"p1": 0.5, "p2": 0.5})}
    after = {"": line(28800, {CAPPER_JAM: 2400, CHANGE_OVER: 900}, {"p2": 0.2, "p1": 0.8}, pace=1.9, bad=0.02)}
    turned = {"": Stratum(28800, dict(reversed(after[""].lost.items())), dict(reversed(after[""].made.items())))}
    one = {(p.factor, p.product, p.kind): p.value for p in split(before, after, WORTH)}
    two = {(p.factor, p.product, p.kind): p.value for p in split(before, turned, WORTH)}
    assert one == pytest.approx(two, abs=1e-9)


def test_two_sides_alike_differ_by_nothing():
    side = {"A": line(28800, {CAPPER_JAM: 600}, {"p1": 1.0})}
    assert split(side, side, WORTH) == []


def test_one_thing_that_changed_takes_the_whole_difference():
    before = {"": line(28800, {CAPPER_JAM: 600}, {"p1": 1.0})}
    after = {"": line(28800, {CAPPER_JAM: 3600}, {"p1": 1.0})}
    (part,) = split(before, after, {})
    assert (part.factor, part.equipment, part.reason) == ("lost", "site/line-1/capper", "cap jam")
    assert part.value == pytest.approx(-3000 * 2.0)


def test_a_product_that_was_not_made_before_is_the_mix_not_the_speed():
    before = {"": line(1000, {}, {"p1": 1.0})}
    after = {"": Stratum(1000, {}, {"p1": Made(500, 1000), "p2": Made(500, 400)})}
    parts = split(before, after, {})
    assert by_factor(parts) == pytest.approx({"mix": -600.0})


def test_a_slower_crew_that_works_more_is_its_share_and_its_pace_apart():
    before = {"A": line(2000, {}, {"p1": 1.0}, pace=2.0), "B": line(2000, {}, {"p1": 1.0}, pace=1.0)}
    after = {"A": line(1000, {}, {"p1": 1.0}, pace=2.0), "B": line(3000, {}, {"p1": 1.0}, pace=1.0)}
    assert by_factor(split(before, after, {})) == pytest.approx({"crew": -1000.0})


def test_three_changes_at_once_are_shared_as_shapley_shares_them():
    """T x (1 - l) x pace: 100 x 1 x 1 -> 200 x 0.5 x 3. By hand, over all six orders."""
    before = {"": Stratum(100, {}, {"p": Made(100, 100)})}
    after = {"": Stratum(200, {CAPPER_JAM: 100}, {"p": Made(100, 300)})}
    factors = by_factor(split(before, after, {}))
    from itertools import permutations

    values = {"planned": (100, 200), "lost": (1.0, 0.5), "pace": (1, 3)}
    expected = dict.fromkeys(values, 0.0)
    for order in permutations(values):
        now = {name: pair[0] for name, pair in values.items()}
        for name in order:
            old = now["planned"] * now["lost"] * now["pace"]
            now[name] = values[name][1]
            expected[name] += (now["planned"] * now["lost"] * now["pace"] - old) / 6
    assert factors == pytest.approx(expected)
