"""A line as flows: what stops, whom it stops, and when."""

import random

import pytest
import simpy

from simulator.packml import BLOCKED, EXECUTE, HELD, STARVED
from simulator.plant.line import Line
from simulator.plant.machine import Machine, Stage, Stop
from simulator.plant.recorder import Recorder

KINDS = ("depalletiser", "filler", "capper", "labeller", "packer")
ROOM = [900.0, 150.0, 900.0, 1000.0, 1800.0]
RATE = 5.0  # bottles/s of the filler


@pytest.fixture
def line() -> Line:
    """A line whose machines throw nothing out, filled with work for ever."""
    env = simpy.Environment()
    machines = [Machine(f"line-1/{kind}", kind) for kind in KINDS]
    for machine, faster in zip(machines, (1.28, 1.0, 1.1, 1.17, 1.24), strict=True):
        machine.speed = RATE * faster
    line = Line(env, "line-1", machines, Stage("palletiser/line-1", "lane", speed=RATE * 1.4), list(ROOM), Recorder())
    line.feed(1e9, env.event())
    return line


def hold(line: Line, machine: Machine) -> Stop:
    stop = Stop(machine.path, "jam", 13, line.env.now)
    machine.stops.append(stop)
    line.balance()
    return stop


def release(line: Line, machine: Machine) -> None:
    machine.stops.clear()
    line.balance()


def test_a_stop_downstream_blocks_upstream_only_when_the_conveyor_is_full(line):
    filler, capper = line.machines[1], line.machines[2]
    line.env.run(until=600)
    line.settle()
    on_the_way = line.level[1]
    hold(line, capper)
    full_after = (ROOM[1] - on_the_way) / RATE
    line.env.run(until=600 + full_after - 0.5)
    assert (capper.state, filler.state) == (HELD, EXECUTE)
    line.env.run(until=600 + full_after + 0.5)
    assert filler.state == BLOCKED
    assert line.level[1] == ROOM[1]


def test_a_stop_upstream_starves_downstream_only_when_the_conveyor_is_empty(line):
    depalletiser, filler = line.machines[0], line.machines[1]
    line.env.run(until=3600)
    line.settle()
    left = line.level[0]
    assert left > 100, "the faster machine has filled its conveyor"
    hold(line, depalletiser)
    line.env.run(until=3600 + left / RATE - 0.5)
    assert filler.state == EXECUTE
    line.env.run(until=3600 + left / RATE + 0.5)
    assert filler.state == STARVED


def test_a_starved_machine_waits_until_something_has_gathered(line):
    filler, depalletiser = line.machines[1], line.machines[0]
    line.env.run(until=3600)
    hold(line, depalletiser)
    line.env.run(until=5000)
    release(line, depalletiser)
    line.env.run(until=5000 + 5)
    assert filler.state == STARVED
    line.env.run(until=5000 + 108 / depalletiser.speed + 1)
    assert filler.state == EXECUTE


def test_the_line_runs_as_fast_as_its_constraint(line):
    line.env.run(until=7200)
    line.settle()
    before = line.machines[-1].fed
    line.env.run(until=10800)
    line.settle()
    assert line.machines[-1].fed - before == pytest.approx(3600 * RATE, rel=1e-6)


def test_an_order_runs_out_and_leaves_nothing_behind(line):
    done = line.env.event()
    line.env.run(until=100)
    line.feed(5000, done)
    line.env.run(until=done)
    line.settle()
    assert line.level[:4] == [0.0] * 4
    fed = [round(machine.fed, 3) for machine in line.machines]
    assert len(set(fed)) == 1


def test_no_bottle_is_made_or_lost_whatever_stops(line):
    seed = random.randrange(1 << 30)
    print("seed", seed)
    draw = random.Random(seed)
    for machine in line.machines:
        machine.shares = [draw.uniform(0, 0.05)] * len(machine.shares)
        machine.loss = sum(machine.shares)
    for _ in range(400):
        machine = draw.choice(line.machines)
        release(line, machine) if machine.stops else hold(line, machine)
        line.env.run(until=line.env.now + draw.expovariate(1 / 90))
    line.settle()
    for before, after, level in zip(line.stages, line.stages[1:], line.level, strict=False):
        assert before.good == pytest.approx(after.fed + level, abs=1e-3)
    assert all(0 <= level <= room for level, room in zip(line.level, line.room, strict=True))
    assert sum(machine.scrapped[0] for machine in line.machines) > 100
