"""A machine that runs slower because another sets the pace waits, though it never stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mom.bottleneck.find import find_bottleneck
from mom.facts import CountSpan, Facts, Machine, ProductFact, ShiftSpan, StateSpan, Window

ZERO = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOURS = 6
RATES = {"s/l/a": 390.0, "s/l/b": 300.0, "s/l/c": 330.0}


def at(minutes):
    return ZERO + timedelta(minutes=minutes)


def machine(path, rate, state="Execute"):
    """It ran all the time, at `rate` pieces a minute."""
    span = StateSpan(1, at(0), at(60 * HOURS), False, path, state)
    counts = tuple(
        CountSpan(n, at(n), at(n + 1), path, rate, rate, 0.0, product="P") for n in range(60 * HOURS)
    )  # fmt: skip
    known = Machine(1, path, path[-1].upper(), "work_unit", "s/l", ideal_rate=RATES[path])
    shifts = (ShiftSpan("early", "A", at(0), at(60 * HOURS)),)
    products = {"P": ProductFact("P", "P", dict(RATES))}
    return Facts(
        "s", ZoneInfo("UTC"), "EUR", known, Window(at(0), at(60 * HOURS)), at(60 * HOURS), shifts=shifts, states=(span,),
        counts=counts, products=products,
    )  # fmt: skip


def first(*facts):
    return find_bottleneck("s/l", [[one] for one in facts]).first.paths


def test_of_machines_that_all_run_the_one_at_its_full_speed_sets_the_pace():
    assert first(machine("s/l/a", 300), machine("s/l/b", 300), machine("s/l/c", 300)) == ("s/l/b",)


def test_one_that_is_slow_for_its_own_sake_is_not_paced_while_the_others_wait():
    """c runs at 200 of 330; b, which could do more, is blocked half the time."""
    b = machine("s/l/b", 200)
    turns = tuple(
        StateSpan(n, at(n), at(n + 1), False, "s/l/b", "Suspended" if n % 3 == 0 else "Execute", "blocked" if n % 3 == 0 else "")
        for n in range(60 * HOURS)
    )  # fmt: skip
    assert first(replace(b, states=turns), machine("s/l/c", 200)) == ("s/l/c",)


def test_without_counts_the_states_alone_are_believed():
    facts = [replace(machine(path, 300), counts=()) for path in RATES]
    found = find_bottleneck("s/l", [[one] for one in facts])
    assert found.limit == "machine"
    assert found.seconds == 3600 * HOURS
