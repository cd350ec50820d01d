"""The recursion of a line with buffers: what can be told by hand, and what must hold of any line."""

import random

import numpy as np
import pytest

from mom.flow.replay import Batch, Stage, replay
from mom.flow.steps import Steps, constant, covering, mean_of

HOUR = 3600.0


def stage(name, room=100.0, stands=(), share=1.0):
    return Stage(name, constant(share).put(stands, 0.0), room)


def batch(pace, pieces=100_000.0, keeps=None, **more):
    return Batch("4711", "P", pieces, tuple(pace), tuple(keeps or [1.0] * len(pace)), **more)


def made(stages, batches, until=8 * HOUR, portion=10.0):
    return replay(stages, batches, portion, until).made(until).sum()


def test_the_slowest_stage_sets_the_pace():
    line = [stage("a"), stage("b"), stage("c")]
    assert made(line, [batch([0.5, 1.0, 0.8])]) == pytest.approx(8 * HOUR, abs=20)


def test_a_stop_of_the_slowest_costs_its_time_and_one_that_the_buffer_absorbs_costs_nothing():
    pace = [0.5, 1.0, 0.5]
    calm = made([stage("a", 1000), stage("b", 1000), stage("c")], [batch(pace)])
    bottleneck = made([stage("a", 1000), stage("b", 1000, [(HOUR, HOUR + 600)]), stage("c")], [batch(pace)])
    upstream = made([stage("a", 1000, [(HOUR, HOUR + 600)]), stage("b", 1000), stage("c")], [batch(pace)])
    downstream = made([stage("a", 1000), stage("b", 1000), stage("c", 1, [(HOUR, HOUR + 600)])], [batch(pace)])
    assert calm - bottleneck == pytest.approx(600, abs=20)
    assert calm - upstream == pytest.approx(0, abs=20)
    assert calm - downstream == pytest.approx(0, abs=20)


def test_a_stop_that_outlasts_the_buffer_costs_what_lies_beyond_it():
    pace = [0.5, 1.0]
    calm = made([stage("a", 300), stage("b")], [batch(pace)])
    assert calm - made([stage("a", 300, [(HOUR, HOUR + 900)]), stage("b")], [batch(pace)]) == pytest.approx(600, abs=20)


def test_what_stops_behind_blocks_what_is_before():
    left = replay([stage("a", 200), stage("b", 200, [(HOUR, 2 * HOUR)])], [batch([1.0, 0.9])], 10.0, 3 * HOUR)
    waited = np.diff(left.at[:, 0]).max()
    assert waited == pytest.approx(HOUR - 200, abs=15)


def test_a_stage_at_half_its_speed_lets_through_half():
    assert made([stage("a", share=0.5)], [batch([1.0])]) == pytest.approx(4 * HOUR, abs=20)


def test_orders_come_one_after_the_other_with_their_change_over_and_not_before_their_release():
    first, second = batch([1.0], pieces=1000.0), batch([1.0], pieces=1000.0, set_up=600.0, begins=3000.0)
    left = replay([stage("a")], [first, second], 10.0, 8 * HOUR)
    assert left.finished(0) == pytest.approx(1000)
    assert left.finished(1) == pytest.approx(3000 + 600 + 1000)
    assert left.finished(2) == float("inf")


def test_scrap_before_the_slowest_costs_no_output():
    pace = [0.5, 1.0]
    whole = made([stage("a"), stage("b")], [batch(pace)])
    assert made([stage("a"), stage("b")], [batch(pace, keeps=[0.9, 1.0])]) == pytest.approx(whole, rel=0.01)
    assert made([stage("a"), stage("b")], [batch(pace, keeps=[1.0, 0.9])]) == pytest.approx(0.9 * whole, rel=0.01)


def test_a_life_taken_up_again_is_the_same_life():
    for seed in range(5):
        draw = random.Random(seed)
        print("seed", seed)
        line = [stage(str(i), draw.uniform(50, 500), _stands(draw)) for i in range(5)]
        batches = [batch([draw.uniform(0.6, 1.0) for _ in range(5)], 3000.0, set_up=900.0) for _ in range(6)]
        whole = replay(line, batches, 15.0, 6 * HOUR)
        for same in (1, len(whole.good) // 3, len(whole.good) - 1):
            again = replay(line, batches, 15.0, 6 * HOUR, whole, same)
            assert np.array_equal(again.at, whole.at)
            assert np.array_equal(again.batch, whole.batch)


def test_no_stop_ever_makes_a_line_faster_and_pieces_pass_in_order():
    for seed in range(10):
        draw = random.Random(100 + seed)
        print("seed", 100 + seed)
        pace = [draw.uniform(0.6, 1.0) for _ in range(4)]
        rooms = [draw.uniform(30, 400) for _ in range(4)]
        stands = [_stands(draw) for _ in range(4)]
        line = [stage(str(i), rooms[i], stands[i]) for i in range(4)]
        worse = [stage(str(i), rooms[i], [*stands[i], *(_stands(draw) if i == 2 else [])]) for i in range(4)]
        left, later = (replay(one, [batch(pace)], 12.0, 6 * HOUR) for one in (line, worse))
        assert (np.diff(left.at, axis=0) >= 0).all()
        assert (np.diff(left.at, axis=1) >= -1e-9).all()
        shared = min(len(left.good), len(later.good))
        assert (later.at[:shared] >= left.at[:shared] - 1e-6).all()


def _stands(draw):
    starts = sorted(draw.uniform(0, 6 * HOUR) for _ in range(6))
    return [(start, start + draw.expovariate(1 / 300)) for start in starts]


def test_steps_are_put_filled_and_averaged():
    steps = constant(1.0).put([(10.0, 20.0), (15.0, 30.0)], 0.0)
    assert steps.at(np.array([5.0, 10.0, 19.0, 29.9, 30.0])).tolist() == [1, 0, 0, 0, 1]
    assert steps.filled([(12.0, 40.0)], constant(0.5)).at(np.array([11.0, 12.0, 39.0, 40.0])).tolist() == [
        0,
        0.5,
        0.5,
        1,
    ]
    half = mean_of([(1.0, steps), (1.0, constant(1.0))])
    assert half.at(np.array([5.0, 15.0])).tolist() == [1.0, 0.5]
    assert covering([(3.0, 3.0)]).at(np.array([3.0])).tolist() == [0.0]
    assert isinstance(half.short(), Steps)
    assert len(covering([(1.0, 2.0), (2.0, 3.0)]).short().x) == 3


def test_the_next_order_need_not_wait_until_a_machine_of_other_lines_too_is_empty():
    stands = [(900.0, 3000.0)]
    orders = [batch([1.0, 0.9], pieces=1000.0), batch([1.0, 0.9], pieces=1000.0, set_up=600.0)]
    own = [stage("a", 5000), stage("b", 5000, stands)]
    shared = [own[0], Stage("b", own[1].share, 5000, shared=True)]
    left, freed = (replay(line, orders, 10.0, 8 * HOUR) for line in (own, shared))
    assert (left.finished(0), freed.finished(0)) == (pytest.approx(3100, abs=15), pytest.approx(1000, abs=15))
    assert freed.finished(1) == pytest.approx(1000 + 600 + 1000, abs=15)
    assert left.finished(1) >= 3100 + 600 + 1000 - 15
