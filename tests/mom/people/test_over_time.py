"""A crew that changes by one: nobody learns of that one by asking for two times."""

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from mom.facts import Window
from mom.people.over_time import Member, shown_in, stretches

START = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def day(number: float) -> datetime:
    return START + number * DAY


def window(start: float, end: float) -> Window:
    return Window(day(start), day(end))


def crew(name: str, size: int) -> list[Member]:
    return [Member(f"{name}{number}", name) for number in range(size)]


def test_one_who_leaves_is_not_what_two_windows_differ_by() -> None:
    members = [*crew("A", 7), Member("ann", "A", None, day(30)), *crew("B", 6)]
    found = stretches(members, "AB", 5)
    assert shown_in(found, "AB", window(0, 30)).groups == ("A", "B")
    for asked in (window(30, 40), window(0, 40), window(29, 31)):
        shown = shown_in(found, "AB", asked)
        assert shown.groups == ("B",)
        assert "differs by one person from what was shown before" in shown.withheld["A"]
        assert "(it is shown until 2026-02-04)" in shown.withheld["A"]


def test_a_crew_that_was_small_then_is_not_shown_of_then() -> None:
    members = [*crew("A", 3), *crew("B", 9), *(Member(f"new{n}", "A", day(30)) for n in range(6))]
    found = stretches(members, "AB", 5)
    assert "group A has 3 people" in shown_in(found, "AB", window(0, 10)).withheld["A"]
    assert shown_in(found, "AB", window(0, 60)).groups == ()
    assert shown_in(found, "AB", window(31, 60)).groups == ("A", "B")


def test_enough_who_join_together_are_a_group_of_their_own() -> None:
    members = [*crew("A", 6), *(Member(f"new{n}", "A", day(30)) for n in range(5)), *crew("B", 6)]
    found = stretches(members, "AB", 5)
    assert shown_in(found, "AB", window(0, 60)).groups == ("A", "B")


def test_one_who_moves_is_told_by_neither_crew() -> None:
    members = [*crew("A", 6), *crew("B", 6), Member("ann", "A", None, day(30)), Member("ann", "B", day(30))]
    found = stretches(members, "AB", 5)
    assert shown_in(found, "AB", window(30, 60)).groups == ()


def test_after_a_year_a_changed_crew_is_shown_again() -> None:
    members = [*crew("A", 7), Member("ann", "A", None, day(30)), Member("bob", "A", day(500)), *crew("B", 9)]
    found = stretches(members, "AB", 5)
    assert "A" in shown_in(found, "AB", window(500, 520)).groups


def test_an_adversary_with_every_answer_learns_of_no_few() -> None:
    """Over random histories: whatever two windows of a day are answered, within a year the people in them are the same, or
    differ by enough; and what is not shown at a time is nobody, or enough people."""
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    draw = random.Random(seed)
    refused = answered = 0
    for _ in range(40):
        members = [
            Member(
                f"p{number}",
                draw.choice("AABBC"),
                None if draw.random() < 0.8 else day(draw.randrange(60)),
                None if draw.random() < 0.85 else day(60 + draw.randrange(60)),
            )
            for number in range(draw.randrange(12, 30))
        ]
        found = stretches(members, "ABC", 5)
        told: set[frozenset[str]] = set()
        for start in range(0, 125, 3):
            at = day(start + 0.5)
            people = {
                name: frozenset(
                    m.person
                    for m in members
                    if m.crew == name and (m.since is None or m.since <= at) and (m.until is None or at < m.until)
                )
                for name in "ABC"
            }
            shown = shown_in(found, "ABC", Window(at, at + timedelta(hours=6)))
            told |= {people[name] for name in shown.groups}
            rest = frozenset[str]().union(*(people[name] for name in shown.withheld))
            assert not shown.groups or not rest or len(rest) >= 5, seed
            refused, answered = refused + len(shown.withheld), answered + len(shown.groups)
        assert all(len(group) >= 5 for group in told), seed
        assert all(len(one ^ other) >= 5 for one, other in combinations(told, 2)), seed
    assert refused > 100 and answered > 100


def test_a_person_told_anew_in_the_same_crew_changes_nothing() -> None:
    told = [Member("ann", "A", day(n) if n else None, day(n + 1) if n < 30 else None) for n in range(31)]
    assert len(stretches([*crew("A", 5), *told, Member("ann", "A", day(40), day(40))], "A", 5)) == 1
    apart = [Member("ann", "A", None, day(3)), Member("ann", "A", day(4))]
    assert len(stretches([*crew("A", 5), *apart], "A", 5)) == 3


@pytest.mark.parametrize("asked", [window(0, 10), window(200, 210)])
def test_without_changes_any_window_is_shown(asked: Window) -> None:
    assert shown_in(stretches([*crew("A", 5), *crew("B", 5)], "AB", 5), "AB", asked).groups == ("A", "B")
