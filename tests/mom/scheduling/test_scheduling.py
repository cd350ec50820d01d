"""Plans that can be run, and that are never worse than what a simple rule gives."""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from mom.errors import BadInput
from mom.facts import SetUpStandard, Window
from mom.scheduling.plan import fits, laid_out
from mom.scheduling.problem import Line, Order, Problem
from mom.scheduling.rules import RULES, dispatch
from mom.scheduling.score import score
from mom.scheduling.solve import solve

START = datetime(2026, 8, 24, 6, 0, tzinfo=UTC)


def hours(number):
    return timedelta(hours=number)


def shifts(days=14, length=16):
    """Worked from 6 to 22 each day."""
    return tuple(Window(START + hours(24 * day), START + hours(24 * day + length)) for day in range(days))


def made_up(seed, orders=8, lines=2):
    """A problem with change-overs between three products."""
    dice = random.Random(seed)
    paths = [f"plant/line-{n}" for n in range(1, lines + 1)]
    standard = [
        SetUpStandard(path, a, b, dice.choice([10, 30, 90]) * 60)
        for path in paths
        for a in "ABC"
        for b in "ABC"
        if a != b
    ]
    return Problem(
        start=START + hours(dice.randrange(3)),
        lines=tuple(Line(path, path, shifts(), dice.choice("ABC"), 300) for path in paths),
        orders=tuple(
            Order(
                number=str(n),
                product=dice.choice("ABC"),
                quantity=1000,
                seconds={
                    path: dice.randrange(1, 9) * 1800 for path in dice.sample(paths, dice.randrange(1, lines + 1))
                },
                due=START + hours(dice.randrange(4, 40)),
                release=START + hours(dice.randrange(12)) if dice.random() < 0.3 else None,
                late_cost=400,
            )
            for n in range(orders)
        ),
        set_ups=tuple(standard),
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("rule", RULES)
def test_what_a_rule_plans_can_be_run(seed, rule):
    problem = made_up(seed)
    assert fits(problem, dispatch(problem, rule)) == []


@pytest.mark.parametrize("seed", range(6))
def test_the_solver_is_never_worse_than_the_best_rule(seed):
    problem = made_up(seed, orders=12)
    plan = solve(problem, seconds=0.7)
    assert fits(problem, plan) == []
    assert score(problem, plan).key <= min(score(problem, dispatch(problem, rule)).key for rule in RULES)


def test_it_finds_better_plans_than_any_rule():
    better = 0
    for seed in range(6):
        problem = made_up(seed, orders=10)
        rules = min(score(problem, dispatch(problem, rule)).money for rule in RULES)
        better += score(problem, solve(problem, seconds=1)).money < rules - 1
    assert better >= 2


@pytest.mark.parametrize("seed", range(3))
def test_on_one_line_it_is_as_good_as_trying_everything(seed):
    problem = made_up(seed, orders=6, lines=1)
    path = problem.lines[0].path
    sequences = itertools.permutations(problem.by_number)
    least = min(score(problem, laid_out(problem, {path: order}, "")).money for order in sequences)
    assert score(problem, solve(problem, seconds=3)).money <= least * 1.02 + 1


def test_work_goes_on_after_a_closed_time():
    line = Line("plant/line-1", "Line 1", shifts(), "A")
    problem = Problem(START, (line,), (Order("1", "A", 1, {line.path: 20 * 3600}),))
    place = laid_out(problem, {line.path: ["1"]}, "").places[0]
    assert (place.starts_at, place.ends_at) == (START, START + hours(28))  # 16 h, the night, 4 h


def test_a_line_that_is_down_works_around_it():
    line = Line("plant/line-1", "Line 1", shifts(), "A").without(Window(START + hours(1), START + hours(3)))
    problem = Problem(START, (line,), (Order("1", "A", 1, {line.path: 4 * 3600}),))
    assert laid_out(problem, {line.path: ["1"]}, "").places[0].ends_at == START + hours(6)


def test_clock_and_work_say_the_same():
    line = Line("plant/line-1", "Line 1", shifts(), "A")
    for minutes in range(0, 60 * 60, 17):
        at = START + timedelta(minutes=minutes)
        if any(window.start < at < window.end for window in line.open):
            assert line.moment(line.worked(at), start=True) == line.moment(line.worked(at), start=False) == at


def test_the_most_specific_change_over_counts():
    rules = (SetUpStandard("l", None, None, 60), SetUpStandard("l", "A", None, 120), SetUpStandard("l", "A", "B", 30))
    problem = Problem(START, (Line("l", "L", shifts()),), (), rules)
    pairs = {"AB": 30, "AC": 120, "BC": 60, "AA": 0}
    assert {pair: problem.set_up("l", *pair) for pair in pairs} == pairs
    assert problem.set_up("l", None, "B") == 60


LINE = Line("l", "L", shifts())


@pytest.mark.parametrize(
    ("lines", "orders", "words"),
    [
        ((LINE, LINE), (), "line l stands twice"),
        ((LINE,), (Order("1", "A", 1, {"l": 1}), Order("1", "A", 1, {"l": 1})), "order 1 stands twice"),
        ((LINE,), (Order("1", "A", 1, {"m": 1}),), "order 1: no line"),
        ((LINE,), (Order("1", "A", 1, {}),), "order 1: no line"),
        ((LINE,), (Order("1", "A", 1, {"l": -1}),), "negative"),
        ((Line("l", "L", ()),), (), "never works"),
        (
            (Line("l", "L", (Window(START, START + hours(2)), Window(START + hours(1), START + hours(3)))),),
            (),
            "overlap",
        ),
    ],
)
def test_a_problem_that_cannot_be_is_refused_by_name(lines, orders, words):
    with pytest.raises(BadInput, match=words):
        Problem(START, lines, orders)


def test_nothing_to_plan_is_a_plan():
    assert solve(Problem(START, (LINE,), ()), seconds=1).places == ()
