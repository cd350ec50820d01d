"""A made-up machine with a command, its sensor and a program: what is learned of it, and what is blamed when it fails."""

import random

import pytest

from mom.cycles.habits import SLACK_S, Habits, learn
from mom.cycles.oddity import oddities
from mom.cycles.recording import Kind, Recording, Value, recorded
from mom.cycles.suspects import suspects, trouble

Row = tuple[float, str, Kind, Value]
SEED = 20


def cycle(rng: random.Random, at: float) -> list[Row]:
    """The gate is told to open, and is open within a second; then the flap follows; later all go back."""

    def told(after: float, signal: str, value: bool) -> Row:
        return (at + after + rng.uniform(-0.1, 0.1), signal, "binary", value)

    return [
        told(0.0, "open_gate", True),
        told(0.9, "gate_is_open", True),
        told(1.4, "flap", True),
        told(8.0, "open_gate", False),
        told(8.8, "gate_is_open", False),
        told(10.5, "flap", False),
    ]


def begin() -> list[Row]:
    low: list[Row] = [(0.0, name, "binary", False) for name in ("open_gate", "gate_is_open", "flap", "error")]
    calm: list[Row] = [
        (0.0, "pump_ok", "binary", True),
        (0.0, "pressure", "number", 100.0),
        (0.0, "stuck", "alarm", False),
    ]
    return [*low, *calm]


def made(rng: random.Random, cycles: int = 5) -> list[Row]:
    rows = begin()
    for number in range(cycles):
        rows += cycle(rng, 5.0 + 20.0 * number)
        rows.append((12.0 + 20.0 * number, "pressure", "number", rng.uniform(95.0, 105.0)))
    return rows


def habits(rng: random.Random, recordings: int = 6) -> Habits:
    return learn([recorded(f"normal {number}", made(rng)) for number in range(recordings)])


def alarm(at: float) -> list[Row]:
    return [(at, "stuck", "alarm", True), (at + 0.1, "error", "binary", True), (at + 30.0, "stuck", "alarm", False)]


def blamed(known: Habits, rows: list[Row]) -> list[str]:
    found = trouble(known, recorded("run", rows))
    return [suspect.signal for suspect in suspects(found)] if found else []


def without(rows: list[Row], signal: str, since: float) -> list[Row]:
    return [row for row in rows if row[1] != signal or row[0] < since]


def test_what_follows_upon_what_is_learned_and_how_soon():
    known = habits(random.Random(SEED))
    answers = {(one.call, one.answer): one for one in known.answers}
    opens = answers[("open_gate", True), ("gate_is_open", True)]
    assert opens.times == 30 and opens.sure > 0.96
    assert 0.7 < opens.usual < opens.due < 1.2
    assert (("open_gate", True), ("gate_is_open", False)) not in answers
    assert ("open_gate", "gate_is_open") in known.bound
    assert known.seen["error"] == {False} and known.band["pressure"][0] < 100 < known.band["pressure"][1]


def test_what_should_have_come_and_did_not_is_blamed():
    rng = random.Random(SEED)
    known = habits(rng)
    rows = without(made(rng), "gate_is_open", 84.0)
    rows = without(rows, "flap", 84.0) + alarm(88.2)
    assert blamed(known, rows)[0] == "gate_is_open"
    odd = trouble(known, recorded("run", rows)).odd
    first = next(one for one in odd if one.signal == "gate_is_open")
    assert (first.what, first.value, first.upon) == ("absent", True, ("open_gate", True))
    assert first.at == pytest.approx(85.9, abs=0.3)


def test_what_came_unasked_is_blamed_and_nothing_is_due_upon_it():
    rng = random.Random(SEED)
    known = habits(rng)
    rows = [*made(rng, cycles=4), (86.0, "gate_is_open", "binary", True), *alarm(88.0)]
    assert blamed(known, rows)[0] == "gate_is_open"
    what = {one.signal: one.what for one in trouble(known, recorded("run", rows)).odd}
    assert what["gate_is_open"] == "unasked" and "flap" not in what


@pytest.mark.parametrize("lead", [0.1, 0.3, 4.0, 12.0])
def test_what_never_moves_is_blamed_before_the_machine_s_reactions(lead):
    rng = random.Random(SEED)
    known = habits(rng)
    rows = [*made(rng), (88.0 - lead, "pump_ok", "binary", False), *alarm(88.0)]
    assert blamed(known, rows) == ["pump_ok", "error"]


def test_a_number_outside_its_band_is_blamed_though_reactions_are_told_first():
    rng = random.Random(SEED)
    known = habits(rng)
    rows = [*made(rng), (87.9, "pressure", "number", 20.0), (87.8, "error", "binary", True), *alarm(88.0)]
    assert blamed(known, rows)[:2] == ["pressure", "error"]


def test_each_alarm_has_its_own_suspect_and_reactions_to_the_first_are_none():
    rng = random.Random(SEED)
    known = habits(rng)
    rows = [*made(rng), (0.0, "second", "alarm", False), (84.0, "pump_ok", "binary", False), *alarm(88.0)]
    rows += [(95.0, "pressure", "number", 300.0), (97.0, "second", "alarm", True)]
    assert blamed(known, rows)[:2] == ["pump_ok", "pressure"]


def test_an_alarm_of_normal_production_or_without_anything_odd_is_no_trouble():
    rng = random.Random(SEED)
    usual = [*made(rng), (50.0, "stuck", "alarm", True), (51.0, "stuck", "alarm", False)]
    assert trouble(learn([recorded("normal", usual)]), recorded("run", [*made(rng), *alarm(88.0)])) is None
    alone = [row for row in [*made(rng), *alarm(88.0)] if row[1] != "error"]
    assert trouble(habits(rng), recorded("run", [*alone, (0.0, "error", "binary", False)])) is None


@pytest.mark.parametrize("seed", range(5))
def test_in_normal_production_nothing_is_odd_at_any_moment(seed):
    rng = random.Random(seed)
    known = habits(rng, recordings=10)
    fresh = recorded("fresh", made(rng))
    moment = rng.uniform(20.0, fresh.end)
    assert [one for one in oddities(known, fresh, 0.0, moment) if one.strong] == [], f"seed {seed}"


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_and_repeated_rows_change_nothing(seed):
    rng = random.Random(seed)
    known = habits(rng)
    rows = [*without(made(rng), "gate_is_open", 84.0), *alarm(88.2)]
    shuffled = rng.sample(rows, len(rows)) + rng.sample(rows, 10)
    assert blamed(known, shuffled) == blamed(known, rows) != [], f"seed {seed}"


def test_a_late_publication_is_not_taken_for_a_missing_answer():
    rng = random.Random(SEED)
    known = habits(rng)
    rows = [
        (at + SLACK_S - 0.2 if signal == "gate_is_open" and at > 1 else at, signal, kind, value)
        for at, signal, kind, value in made(rng)
    ]
    one: Recording = recorded("late", rows)
    assert not [odd for odd in oddities(known, one, 0.0, one.end) if odd.what == "absent" and odd.strong]


def test_a_recording_without_rows_is_refused():
    with pytest.raises(ValueError, match="empty holds no rows"):
        recorded("empty", [])
