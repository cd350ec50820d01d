"""Rules that were hidden in made-up rows are found again, in numbers a person would write."""

import numpy as np
import pytest

from mom.learned_rules.learn import best_rule, learn, simplest
from mom.learned_rules.length import alphabet, digits, exceptions
from mom.learned_rules.rule import Is, Limit, Rules, named
from mom.learned_rules.table import Quantity, Table, table

SEED = 11


def rows(seed: int = SEED, count: int = 4000) -> Table:
    rng = np.random.default_rng(seed)
    measured = [
        Quantity("speed", "rpm", rng.uniform(1000, 3000, count)),
        Quantity("torque", "Nm", rng.uniform(5, 70, count)),
        Quantity("inlet", "K", rng.uniform(290, 300, count)),
        Quantity("outlet", "K", rng.uniform(300, 310, count)),
    ]
    return table(measured, {"product": rng.choice(["A", "B", "C"], count).tolist()})


def test_what_follows_from_two_quantities_is_derived_by_their_units():
    derived = rows().quantities
    assert derived["outlet less inlet"].unit == "K"
    power = derived["power (speed times torque)"]
    assert power.unit == "W"
    assert power.values[0] == pytest.approx(derived["speed"].values[0] * 2 * np.pi / 60 * derived["torque"].values[0])
    assert derived["torque times inlet"].unit == "Nm·K"


@pytest.mark.parametrize("seed", range(3))
def test_two_hidden_rules_are_found_with_their_limits(seed):
    made = rows(seed)
    power, warm = made.quantities["power (speed times torque)"].values, made.quantities["outlet less inlet"].values
    truth = (power > 16000) | ((warm < 2.5) & (made.quantities["speed"].values > 2500))
    found = learn("trouble", made, truth)
    assert (found.holds(made) == truth).mean() > 0.999, f"seed {seed}: {found.told()}"
    limits = {c.quantity: c.limit for rule in found.rules for c in rule.conditions if isinstance(c, Limit)}
    assert limits["power (speed times torque)"] == pytest.approx(16000, rel=0.01)
    assert limits["outlet less inlet"] == pytest.approx(2.5, abs=0.05)
    assert limits["speed"] == pytest.approx(2500, rel=0.01)


def test_a_limit_may_hang_on_the_kind():
    made = rows()
    torque = made.quantities["torque"].values
    truth = (torque > 60) & (made.kinds["product"] == "B")
    (rule,) = learn("overload", made, truth).rules
    assert set(map(type, rule.conditions)) == {Limit, Is}
    assert str(rule) in ("torque is above 60 Nm and product is B", "product is B and torque is above 60 Nm")
    assert rule.right == rule.covered == truth.sum()


def test_few_rows_of_a_kind_with_a_limit_of_its_own_do_not_spoil_the_rule_of_the_others():
    """No condition that happens to hold for all of them is put in place of the kind: two rules are shorter."""
    for seed in range(2):
        made = rows(seed, 2000)
        work = made.quantities["torque times inlet"].values
        common = made.kinds["product"] == "A"
        often, seldom = np.quantile(work[common], 0.97), np.quantile(work[~common], 0.997)
        found = learn("worn", made, np.where(common, work > often, work > seldom))
        assert any(Is("product", "A") in rule.conditions for rule in found.rules), f"seed {seed}: {found.told()}"
        quantities = {c.quantity for rule in found.rules for c in rule.conditions if isinstance(c, Limit)}
        assert quantities == {"torque times inlet"}, f"seed {seed}: {found.told()}"


def test_a_second_limit_is_sought_on_a_quantity_that_the_first_rule_names():
    made = rows(count=1500)
    power = made.quantities["power (speed times torque)"].values
    low, high = np.sort(power)[[8, -40]]
    found = learn("power", made, (power < low) | (power > high))
    assert {c.quantity for rule in found.rules for c in rule.conditions} == {"power (speed times torque)"}
    assert (found.holds(made) == ((power < low) | (power > high))).all()


def test_fewer_digits_and_fewer_quantities_are_shorter():
    letters = alphabet(rows())
    assert (letters.measured, letters.words) == (4, 3)
    short, long = Limit("speed", "above", 3500.0), Limit("speed", "above", 3512.0)
    assert letters.bits([short]) < letters.bits([long])
    assert letters.bits([short]) < letters.bits([Limit("speed times torque", "above", 3500.0, parts=2)])
    assert letters.bits([short], {"speed", "torque"}) < letters.bits([short])
    assert [digits(n) for n in (11000.0, 8.6, 0.0, -0.05, 1e22, 1380.0)] == [2, 2, 1, 1, 1, 3]


def test_bits_of_exceptions_are_those_of_the_choice():
    assert exceptions(10, 0) == exceptions(10, 10) == 0
    assert exceptions(8, 1) == pytest.approx(3)
    assert exceptions(4, 2) == pytest.approx(np.log2(6))


def test_what_happens_by_chance_has_no_rule_but_a_best_try():
    made = rows()
    truth = np.random.default_rng(SEED + 1).random(made.rows) < 0.01
    assert learn("chance", made, truth).rules == ()
    near = best_rule("chance", made, truth)
    assert near is not None and near.right / near.covered < 0.9


def test_without_a_single_row_of_it_nothing_is_learned():
    assert learn("never", rows(), np.zeros(4000, bool)).rules == ()


def test_rows_for_which_no_rule_holds_have_no_cause():
    made = rows()
    over = learn("over", made, made.quantities["torque"].values > 60)
    told = named([over, Rules("never", ())], made)
    assert told[int(np.argmax(made.quantities["torque"].values))] == ("over",)
    assert told[int(np.argmin(made.quantities["torque"].values))] == ()
    assert over.told()[0].startswith("over when torque is above 60")


@pytest.mark.parametrize(
    ("low", "high", "at_high", "limit"),
    [
        (1379.0, 1380.0, True, 1380.0),
        (10993.8, 11003.2, False, 11000.0),
        (8.599999999999966, 8.600000000000023, True, 8.6),
        (-0.4, 0.3, False, 0.0),
        (0.00012, 0.00019, False, 0.00015),
    ],
)
def test_a_limit_is_the_simplest_number_between(low, high, at_high, limit):
    assert simplest(low, high, at_high=at_high) == pytest.approx(limit, rel=1e-12)
