"""Whenever a plant's past ends, live readings are told in a shift that lasts long enough for the rows to come."""

from datetime import timedelta

from evals.drawn import check_drawn
from evals.finding.delay import SHIFT_LEFT, moment_for
from mom.facts import Window
from mom.history.calendar import shifts_of
from simulator.drawn.plant import DrawnPlant

SEED = 104


def test_the_moment_is_now_or_the_beginning_of_the_next_shift(tmp_path):
    drawn = DrawnPlant(SEED, 1.0)
    plant = check_drawn(drawn, tmp_path)
    shifts = shifts_of(plant.calendar, plant.zone, Window(drawn.now, drawn.now + timedelta(days=20)))
    moved = 0
    for half_hours in range(2 * 24 * 7):
        now = drawn.now + timedelta(minutes=30 * half_hours)
        moment = moment_for(plant, now)
        assert moment >= now
        assert any(shift.start <= moment < shift.end - SHIFT_LEFT for shift in shifts)
        moved += moment > now
        assert moment == now or moment in {shift.start for shift in shifts}
    late = shifts[1].end - timedelta(minutes=1)
    assert moment_for(plant, late) > late
    print(f"{moved} of {2 * 24 * 7} moments were outside the shifts")
