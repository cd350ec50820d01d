"""A crew that works otherwise is found, with an interval that holds; one that got the hard product is not blamed."""

import numpy as np
import pytest

from mom.people.standard import LEAST_WORK, Work, against_standard

CREWS, PRODUCTS = ("A", "B", "C", "D"), ("easy", "usual", "hard")
HARD = {"easy": -0.1, "usual": 0.0, "hard": 0.35}


def worked(seed: int, effects: dict[str, float], given: dict[str, tuple[float, ...]] | None = None) -> list[Work]:
    """Four weeks of four crews at two lines: products of their own difficulty, shifts that are good or bad as a whole."""
    draw = np.random.default_rng(seed)
    made: dict[tuple[str, str], int] = {}
    found: list[Work] = []
    for shift in range(84):
        crew = CREWS[shift % 4]
        day = 0.04 * draw.standard_normal()
        for line, slow in (("line-1", 0.0), ("line-2", 0.15)):
            for _ in range(2):
                product = str(draw.choice(PRODUCTS, p=(given or {}).get(crew, (0.4, 0.4, 0.2))))
                before = made.get((crew, product), 0)
                made[crew, product] = before + 1
                practice = -0.03 * np.log2(1 + before)
                noise = 0.05 * draw.standard_normal()
                ratio = np.exp(effects.get(crew, 0.0) + HARD[product] + slow + practice + day + noise)
                found.append(Work(crew, line, product, 7200 * ratio, 7200, "lot", before, str(shift)))
    return found


def test_a_planted_effect_lies_in_its_interval_in_nine_of_ten() -> None:
    held, planted = 0, {"A": 0.0, "B": 0.06, "C": 0.0, "D": -0.03}
    middle = float(np.mean(list(planted.values())))
    for seed in range(100):
        for one in against_standard(worked(seed, planted)):
            assert one.low is not None and one.high is not None
            held += one.low <= np.expm1(planted[one.group] - middle) <= one.high
    assert 0.84 <= held / 400 <= 0.96, held


def test_who_got_the_hard_product_is_not_blamed() -> None:
    blamed, plain = 0, []
    for seed in range(40):
        (one,) = [a for a in against_standard(worked(seed, {}, {"C": (0.1, 0.2, 0.7)})) if a.group == "C"]
        blamed += one.low is not None and one.low > 0
        plain.append(one.plain)
    assert np.median(plain) > 0.05, "it looks worse before what it was given is taken out"
    assert blamed <= 5, "five of a hundred by chance, on this side"


def test_a_product_that_one_crew_alone_made_is_told_apart_from_it_only_where_it_can_be() -> None:
    work = [w for w in worked(3, {}) if (w.product == "hard") == (w.group == "C")]
    found = {one.group: one for one in against_standard(work)}
    assert "cannot be told apart" in found["C"].missing
    assert found["C"].effect is None and not found["C"].differs


def test_chance_is_drawn_in_and_a_true_difference_is_kept() -> None:
    chance = [
        abs(one.guess or 0) < 0.7 * abs(one.effect or 0)
        for seed in range(20)
        for one in against_standard(worked(seed, {}))
    ]
    assert np.mean(chance) > 0.6
    told = {one.group: one for one in against_standard(worked(1, {"B": 0.2}))}
    assert told["B"].guess == pytest.approx(told["B"].effect, rel=0.2)
    assert told["B"].differs


def test_few_and_alone() -> None:
    work = worked(2, {})
    few = [w for w in work if w.group != "A"] + [w for w in work if w.group == "A"][: LEAST_WORK - 1]
    assert against_standard(few)[0].missing == f"only {LEAST_WORK - 1} pieces of work, {LEAST_WORK} are needed"
    alone = against_standard([w for w in work if w.group == "A"])
    assert [one.missing for one in alone] == ["no other group to hold it against"]
    assert against_standard([]) == []
