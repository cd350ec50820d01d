"""The shifting bottleneck: on the picture of the paper, by time, product and shift, and when it is withheld."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mom.bottleneck.active import active_windows, side_by_side
from mom.bottleneck.find import find_bottleneck
from mom.bottleneck.shifting import held, tallies
from mom.facts import Facts, Machine, RunSpan, ShiftSpan, StateSpan, Window

ZERO = datetime(2026, 3, 2, 6, tzinfo=UTC)


def at(minutes):
    return ZERO + timedelta(minutes=minutes)


def window(start, end):
    return Window(at(start), at(end))


def states(path, *pieces):
    """(until minute, state) one after the other; `set_up` and `Suspended:starved` as they are written."""
    found, start = [], 0
    for number, (until, name) in enumerate(pieces, 1):
        state, _, detail = name.partition(":")
        mode = "set_up" if state == "set_up" else ""
        span = StateSpan(number, at(start), at(until), False, path, "Stopped" if mode else state, detail, mode)
        found.append(span)
        start = until
    return tuple(found)


def facts(path, spans, *, runs=(), minutes=480, has_states=True):
    shifts = (ShiftSpan("early", "A", at(0), at(240)), ShiftSpan("late", "B", at(240), at(480)))
    machine = Machine(1, path, path.rpartition("/")[2].upper(), "work_unit", "s/line-1")
    return Facts(
        "s", ZoneInfo("UTC"), "EUR", machine, window(0, minutes), at(minutes), shifts=shifts, states=spans, runs=runs,
        has_states=has_states,
    )  # fmt: skip


def test_the_longest_period_without_waiting_holds_and_overlaps_are_shared():
    """M1 active 0 to 60, M2 30 to 120: at 0 to 30 M1 alone; M2's period is the longer from 30 on; 30 to 60 is shifting."""
    spans = held([[window(0, 60)], [window(30, 120)]])
    assert [(span.stage, span.window) for span in spans] == [(0, window(0, 30)), (1, window(30, 120))]
    first, second = tallies(spans, 2)
    assert (first.seconds, first.sole, first.shifting) == (1800, 1800, 0)
    assert (second.seconds, second.sole, second.shifting) == (5400, 3600, 1800)


def test_waiting_interrupts_and_an_own_stop_does_not():
    spans = states(
        "s/line-1/m1", (60, "Execute"), (75, "Held"), (90, "Execute"), (95, "Suspended:blocked"), (200, "Execute")
    )
    assert active_windows(spans, [window(0, 480)]) == [window(0, 90), window(95, 200)]


def test_a_change_over_and_the_night_belong_to_nobody():
    spans = states("s/line-1/m1", (60, "Execute"), (90, "set_up"), (480, "Execute"))
    assert active_windows(spans, [window(0, 240), window(300, 480)]) == [
        window(0, 60),
        window(90, 240),
        window(300, 480),
    ]


def test_a_stage_with_one_machine_waiting_has_room_left():
    assert side_by_side([[window(0, 100)], [window(0, 40), window(60, 200)]]) == [window(0, 40), window(60, 100)]


def test_every_moment_of_activity_is_somebodys_and_only_once():
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    draw = random.Random(seed)
    for _ in range(30):
        stages = []
        for _ in range(draw.randint(1, 6)):
            edges = sorted(draw.sample(range(480), 2 * draw.randint(1, 8)))
            stages.append([window(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)])
        spans = held(stages)
        busy = sum(any(p.start <= at(m) < p.end for stage in stages for p in stage) for m in range(480))
        assert sum(span.window.seconds for span in spans) == 60 * busy
        for span in spans:
            longest = max(p.seconds for stage in stages for p in stage if p.start <= span.window.start < p.end)
            assert span.period.seconds == longest
        for tally in tallies(spans, len(stages)):
            assert tally.sole + tally.shifting == pytest.approx(tally.seconds)


def line(first, second, **more):
    return [[facts("s/line-1/m1", first, **more)], [facts("s/line-1/m2", second, **more)]]


SLOW = states("s/line-1/m2", (480, "Execute"))
FAST = states("s/line-1/m1", *((m, "Execute" if m % 20 else "Suspended:blocked") for m in range(10, 481, 10)))


def test_what_never_waits_is_the_bottleneck_by_product_and_shift_too():
    runs = (RunSpan(1, at(0), at(200), False, "1", "P1"), RunSpan(2, at(200), at(480), True, "2", "P2"))
    found = find_bottleneck("s/line-1", line(FAST, SLOW, runs=runs))
    assert found.limit == "machine"
    assert found.first.paths == ("s/line-1/m2",)
    assert found.first.share == pytest.approx(1.0)
    assert found.by_product.keys() == {"P1", "P2"}
    assert found.by_shift["late"] == (0.0, 1.0)


def test_a_line_without_orders_is_held_back_by_them():
    idle = (480, "Idle")
    found = find_bottleneck("s/line-1", line(states("a", (400, "Execute"), idle), states("b", (400, "Execute"), idle)))
    assert found.limit == "orders"
    assert found.waiting == pytest.approx(80 / 480)


def test_nothing_is_said_of_what_was_not_seen():
    unseen = states("b", (400, "Execute"), (480, "Unknown"))
    assert find_bottleneck("s/line-1", line(FAST, unseen)).missing == ("17 % of the time was not seen",)
    stages = line(FAST, SLOW)
    stages[1] = [facts("s/line-1/m2", (), has_states=False)]
    found = find_bottleneck("s/line-1", stages)
    assert (found.limit, found.first, found.missing) == ("", None, ("states of M2",))
