"""Find the rules of a cause: the best few conditions, then the best for what these leave, while they are nearly always right.

Sequential covering with a beam search over conjunctions (as in CN2, Clark and Niblett 1989); a limit is the simplest number
in the gap between the rows that it parts, so that a person can read it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mom.learned_rules.rule import Condition, Is, Limit, Rule, Rules
from mom.learned_rules.table import Table

CONDITIONS = 2
"""A rule has at most so many …"""
RULES = 4
"""… and a cause at most so many rules."""
BEAM = 8
RIGHT = 0.95
"""A rule is kept when it is right in this share of the rows that it covers …"""
COVERED = 3
"""… in at least so many …"""
TRIED, CHANCE = 10_000, 0.05
"""… and in more than chance gives: of so many conditions that are tried one would fit rows at random more seldom than this."""


@dataclass(frozen=True, slots=True)
class _Found:
    score: float
    conditions: tuple[Condition, ...]
    holds: np.ndarray


def learn(cause: str, table: Table, of_cause: np.ndarray) -> Rules:
    """The rules of `cause`; `of_cause` says of each row whether it had it. None is found: Rules without rules."""
    rules: list[Rule] = []
    left = of_cause.copy()
    open_rows = np.ones(table.rows, bool)
    while len(rules) < RULES and left.sum() >= COVERED:
        found = _best(table, left, open_rows)
        if found is None:
            break
        covered, right = int(found.holds.sum()), int((found.holds & of_cause).sum())
        if right < COVERED or right / covered < RIGHT or TRIED * _share(left, open_rows) ** right > CHANCE:
            break
        rules.append(Rule(found.conditions, covered, right))
        left &= ~found.holds
        open_rows &= ~found.holds
    return Rules(cause, tuple(rules))


def _share(left: np.ndarray, rows: np.ndarray) -> float:
    return float(left.sum() / max(1, rows.sum()))


def best_rule(cause: str, table: Table, of_cause: np.ndarray) -> Rule | None:
    """The best single rule, however often it is wrong: to say how far a cause is from having one."""
    found = _best(table, of_cause, np.ones(table.rows, bool))
    if found is None:
        return None
    return Rule(found.conditions, int(found.holds.sum()), int((found.holds & of_cause).sum()))


def _best(table: Table, left: np.ndarray, rows: np.ndarray) -> _Found | None:
    """The conjunction with the best balance of precision and recall (F1) over `rows`, its limits set in turn twice."""
    beam = sorted(_more(table, left, rows, ()), key=_rank)[:BEAM]
    best = beam[:1]
    for _ in range(CONDITIONS - 1):
        longer = [more for found in beam for more in _more(table, left, found.holds & rows, found.conditions)]
        longer = [_refined(table, left, rows, found) for found in sorted(longer, key=_rank)[:BEAM]]
        beam = sorted(longer, key=_rank)[:BEAM]
        best = sorted([*best, *beam], key=_rank)[:1]
    return best[0] if best else None


def _rank(found: _Found) -> tuple[float, int, int, int, str]:
    """The best first; of equals the shortest, on the fewest measured quantities, with the fewest digits."""
    limits = [condition for condition in found.conditions if isinstance(condition, Limit)]
    digits = sum(len(f"{one.limit:.12g}".replace(".", "").strip("-0")) for one in limits)
    parts = sum(one.parts for one in limits)
    return (-round(found.score, 6), len(found.conditions), parts, digits, " and ".join(map(str, found.conditions)))


def _refined(table: Table, left: np.ndarray, rows: np.ndarray, found: _Found) -> _Found:
    """Each condition set again, given the others."""
    for place in range(len(found.conditions)):
        others: tuple[Condition, ...] = (*found.conditions[:place], *found.conditions[place + 1 :])
        held = rows.copy()
        for condition in others:
            held &= condition.holds(table)
        again = [f for f in _more(table, left, held, others) if _same(f.conditions[-1], found.conditions[place])]
        if again:
            found = min([found, *again], key=_rank)
    return found


def _same(a: Condition, b: Condition) -> bool:
    if isinstance(a, Limit) and isinstance(b, Limit):
        return (a.quantity, a.way) == (b.quantity, b.way)
    return a == b


def _more(table: Table, left: np.ndarray, rows: np.ndarray, before: tuple[Condition, ...]) -> Iterator[_Found]:
    """`before` with each condition that can be added, its limit set best."""
    total = int(left.sum())
    places = np.flatnonzero(rows)
    if not total or len(places) < COVERED:
        return
    every: list[Condition] = [*_limits(table, left, places, total), *_kinds(table)]
    for condition in every:
        if condition in before or any(isinstance(c, Is) and isinstance(condition, Is) for c in before):
            continue
        holds = rows & condition.holds(table)
        right, covered = int((holds & left).sum()), int(holds.sum())
        if right:
            yield _Found(2 * right / (covered + total), (*before, condition), holds)


def _kinds(table: Table) -> Iterator[Is]:
    for name, words in table.kinds.items():
        for word in sorted(set(words.tolist())):
            yield Is(name, word)


def _limits(table: Table, left: np.ndarray, places: np.ndarray, total: int) -> Iterator[Limit]:
    """For each quantity and way the limit of the best F1 among these rows."""
    for name, quantity in table.quantities.items():
        order = places[np.argsort(quantity.values[places], kind="stable")]
        values, hits = quantity.values[order], left[order]
        ends = np.flatnonzero(np.append(values[1:] != values[:-1], True))  # the last row of each value
        upto = np.cumsum(hits)[ends]
        if len(ends) < 2:
            continue
        low = int(np.argmax(2 * upto / (ends + 1 + total)))
        if low < len(ends) - 1:
            limit = simplest(values[ends[low]], values[ends[low] + 1], at_high=True)
            yield Limit(name, "below", limit, quantity.unit, quantity.parts)
        over = upto[-1] - upto[:-1]
        high = int(np.argmax(2 * over / (len(order) - 1 - ends[:-1] + total)))
        limit = simplest(values[ends[high]], values[ends[high] + 1], at_high=False)
        yield Limit(name, "above", limit, quantity.unit, quantity.parts)


def simplest(low: float, high: float, *, at_high: bool) -> float:
    """The number of fewest digits in (low, high] if `at_high`, else in [low, high); of several the nearest to the middle."""
    middle = (low + high) / 2
    largest = max(abs(low), abs(high))
    for place in range(math.floor(math.log10(largest)) + 1 if largest else 0, -10, -1):
        step = 10.0**place
        numbers = [round(k * step, max(0, -place)) for k in range(math.floor(low / step), math.ceil(high / step) + 1)]
        inside = [n for n in numbers if (low < n <= high if at_high else low <= n < high)]
        if inside:
            return float(min(inside, key=lambda n: abs(n - middle)))
    return float(middle)
