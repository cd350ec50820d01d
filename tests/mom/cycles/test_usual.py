"""What is normal production, where a trouble is among its recordings, where there are few, and however they are cut."""

import random

import pytest

from mom.cycles.recording import Recording, Value, recorded
from mom.cycles.usual import STRETCH_S, band, enough, stretches, usual

SEED = 31


def calm(number: int, end: float = STRETCH_S) -> Recording:
    """The gate opens and shuts; the pressure goes between 90 and 110; the pump runs."""
    rng = random.Random(SEED + number)
    rows: list[tuple[float, str, str, Value]] = [
        (0.0, "gate", "binary", False),
        (0.0, "pump", "binary", True),
        (0.0, "pressure", "number", 100.0),
        (0.0, "door", "alarm", False),
    ]
    for at in range(10, int(end), 10):
        rows.append((float(at), "gate", "binary", at % 20 == 10))
        rows.append((float(at), "pressure", "number", rng.uniform(90.0, 110.0)))
    rows.append((end, "gate", "binary", False))
    return recorded(f"calm {number}", rows)


def trouble(number: int) -> Recording:
    told = calm(number).tracks.items()
    rows = [(at, name, one.kind, value) for name, one in told for at, value in zip(one.times, one.values, strict=True)]
    bad = [(300.0, "pump", "binary", False), (300.0, "pressure", "number", 5.0), (301.0, "door", "alarm", True)]
    return recorded(f"trouble {number}", [*rows, *bad])


def test_so_many_stretches_make_a_habit():
    assert [enough(n) for n in (0, 1, 20, 21, 40, 41, 60, 10_000)] == [1, 1, 1, 2, 2, 3, 3, 3]


def test_two_troubles_among_sixty_recordings_are_not_learned_as_normal():
    known = usual([*map(calm, range(58)), trouble(58), trouble(59)])
    assert known.alarms == frozenset()
    assert known.values == {"gate": {True, False}, "pump": {True}}
    low, high = known.bands["pressure"]
    assert 85 < low < 90.5 and 109.5 < high < 115


def test_what_three_of_them_show_is_normal():
    known = usual([*map(calm, range(57)), *map(trouble, (57, 58, 59))])
    assert known.alarms == {"door"}
    assert known.values["pump"] == {True, False}
    assert known.bands["pressure"][0] < 6


def test_of_few_recordings_all_is_normal():
    assert usual([*map(calm, range(9)), trouble(9)]).alarms == {"door"}


@pytest.mark.parametrize("parts", [2, 3])
def test_it_does_not_matter_how_recordings_are_cut(parts):
    whole = [calm(number, parts * STRETCH_S) for number in range(10)]
    step = STRETCH_S
    cut = [one.between(part * step, (part + 1) * step) for one in whole for part in range(parts)]
    assert usual(whole) == usual(cut)


def test_stretches_hold_every_change_once():
    one = calm(0, 2.4 * STRETCH_S)
    pieces = list(stretches(one))
    assert len(pieces) == 2 and pieces[0].end == pieces[1].start
    changes = [at for piece in pieces for at, _ in piece.tracks["gate"].changes()]
    assert changes == [at for at, _ in one.tracks["gate"].changes()]


def test_the_fewer_stretches_the_wider_the_band():
    narrow, wide = band([(0.0, 10.0)] * 20), band([(0.0, 10.0)] * 4)
    assert narrow == (pytest.approx(-1.5), pytest.approx(11.5))
    assert wide == (pytest.approx(-7.5), pytest.approx(17.5))
    assert band([(3.0, 3.0)] * 4) == (3.0, 3.0)


@pytest.mark.parametrize(("count", "least"), [(5, 1), (30, 2), (60, 3)])
def test_a_further_stretch_stays_within_the_band(count, least):
    """Of a number that is evenly spread: in at least 19 of 20 draws at each end."""
    rng = random.Random(SEED)
    beyond = 0
    for _ in range(400):
        ranges = [(rng.uniform(0.0, 1.0), rng.uniform(9.0, 10.0)) for _ in range(count)]
        low, high = band(ranges, least)
        beyond += not (low <= rng.uniform(0.0, 1.0) and rng.uniform(9.0, 10.0) <= high)
    assert beyond / 400 < 0.05, f"seed {SEED}: {beyond}"
