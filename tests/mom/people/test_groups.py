"""No group of fewer than five, and none by difference."""

import random
from itertools import combinations

import pytest

from mom.people.groups import shown_groups


def crew(name: str, size: int) -> list[str]:
    return [f"{name}{number}" for number in range(size)]


def test_a_small_group_is_withheld_and_with_it_what_it_would_follow_from() -> None:
    shown = shown_groups({"A": crew("A", 6), "B": crew("B", 7), "C": crew("C", 3)}, 5)
    assert shown.groups == ("B",)
    assert shown.withheld["C"] == "group C has 3 people, and groups of fewer than 5 are not shown"
    assert "left out too" in shown.withheld["A"]


def test_two_small_ones_that_are_five_together_hide_each_other() -> None:
    shown = shown_groups({"A": crew("A", 6), "B": crew("B", 2), "C": crew("C", 3)}, 5)
    assert shown.groups == ("A",)
    assert set(shown.withheld) == {"B", "C"}


def test_a_group_and_the_same_without_one_person() -> None:
    shown = shown_groups({"line": crew("A", 9), "line without one": crew("A", 8)}, 5)
    assert shown.groups == ("line",)
    assert "would tell of fewer than 5" in shown.withheld["line without one"]


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_added_and_taken_away_leaves_five(seed: int) -> None:
    """Crews that share nobody: every sum of shown groups, and all less every such sum."""
    draw = random.Random(seed)
    sizes = {name: draw.randrange(0, 9) for name in "ABCDE"[: draw.randrange(1, 6)]}
    members = {name: crew(name, size) for name, size in sizes.items()}
    shown = shown_groups(members, 5)
    everybody = sum(sizes.values())
    for number in range(1, len(shown.groups) + 1):
        for some in combinations(shown.groups, number):
            people = sum(sizes[name] for name in some)
            assert people >= 5
            assert everybody - people == 0 or everybody - people >= 5
