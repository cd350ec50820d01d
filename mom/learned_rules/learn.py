"""Find the rules of a cause: a few conditions each, together the shortest that tell its rows, while they are nearly always right.

Sequential covering with a beam search over conjunctions (as in CN2, Clark and Niblett 1989), weighed by description length; a
limit is the simplest number in the gap between the rows that it parts, so that a person can read it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mom.learned_rules.length import Alphabet, alphabet, exceptions
from mom.learned_rules.rule import Condition, Is, Limit, Rule, Rules
from mom.learned_rules.table import Table

CONDITIONS = 2
"""A rule has at most so many …"""
RULES = 4
"""… and a cause at most so many rules."""
BEAM = 8
FIRST = 4
"""So many rules are tried as the first of a cause: the best alone need not be the best beginning."""
RIGHT = 0.95
"""A rule is kept when it is right in this share of the rows that it covers …"""
COVERED = 2
"""… in at least so many …"""
TRIED, CHANCE = 10_000, 0.05
"""… and in more than chance gives: of so many conditions that are tried one would fit rows at random more seldom than this."""


@dataclass(frozen=True, slots=True)
class _Found:
    saved: float  # bits, against writing each row down that it tells
    conditions: tuple[Condition, ...]
    holds: np.ndarray
    right: int


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for: rows of the cause that no rule tells yet (`left`), among those that are `open`."""

    table: Table
    letters: Alphabet
    orders: Mapping[str, np.ndarray]  # of each quantity: the rows, ascending
    kinds: Sequence[Is]
    left: np.ndarray
    open: np.ndarray
    known: frozenset[str] = frozenset()  # quantities that the rules so far name

    def found(self, conditions: tuple[Condition, ...], holds: np.ndarray) -> _Found:
        rows, total = int(self.open.sum()), int(self.left.sum())
        covered, right = int(holds.sum()), int((holds & self.left).sum())
        wrong = exceptions(covered, covered - right) + exceptions(rows - covered, total - right)
        saved = exceptions(rows, total) - wrong - self.letters.bits(conditions, self.known)
        return _Found(saved, conditions, holds, right)

    def without(self, found: _Found) -> "_Search":
        named = {condition.quantity for condition in found.conditions if isinstance(condition, Limit)}
        left, still = self.left & ~found.holds, self.open & ~found.holds
        return replace(self, left=left, open=still, known=self.known | named)

    def may_be_kept(self, found: _Found) -> bool:
        share = float(self.left.sum() / max(1, self.open.sum()))
        enough = found.right >= COVERED and found.right / found.holds.sum() >= RIGHT
        return enough and found.saved > 0 and TRIED * share**found.right <= CHANCE


@dataclass(frozen=True, slots=True)
class _Chain:
    """Rules one after the other, and what they save together."""

    search: _Search
    rules: tuple[Rule, ...] = ()
    saved: float = 0.0

    def longer(self, found: _Found) -> "_Chain":
        rule = Rule(found.conditions, int(found.holds.sum()), found.right)
        return _Chain(self.search.without(found), (*self.rules, rule), self.saved + found.saved)


def _search(table: Table, of_cause: np.ndarray) -> _Search:
    orders = {name: np.argsort(quantity.values, kind="stable") for name, quantity in table.quantities.items()}
    kinds = [Is(name, word) for name, words in table.kinds.items() for word in sorted(set(words.tolist()))]
    return _Search(table, alphabet(table), orders, kinds, of_cause, np.ones(table.rows, bool))


def learn(cause: str, table: Table, of_cause: np.ndarray) -> Rules:
    """The rules of `cause`; `of_cause` says of each row whether it had it. None is found: Rules without rules."""
    search = _search(table, of_cause)
    chains = [_finished(_Chain(search).longer(first)) for first in _kept(search)[:FIRST]]
    best = max(chains, key=lambda chain: round(chain.saved, 6), default=_Chain(search))
    return Rules(cause, best.rules)


def _finished(chain: _Chain) -> _Chain:
    while len(chain.rules) < RULES and (kept := _kept(chain.search)):
        chain = chain.longer(kept[0])
    return chain


def _kept(search: _Search) -> list[_Found]:
    """Rules that may be kept, the best first, of those that cover the same rows one."""
    told: dict[bytes, _Found] = {}
    for found in sorted(filter(search.may_be_kept, _tried(search)), key=_rank):
        told.setdefault(found.holds.tobytes(), found)
    return list(told.values())


def best_rule(cause: str, table: Table, of_cause: np.ndarray) -> Rule | None:
    """The best single rule, however often it is wrong: to say how far a cause is from having one."""
    search = _search(table, of_cause)
    found = min(_tried(search), key=_rank, default=None)
    return Rule(found.conditions, int(found.holds.sum()), found.right) if found else None


def _tried(search: _Search) -> list[_Found]:
    """Of each length the best, and the best of those that may be kept, with their limits set in turn; and all on the way."""
    beam = sorted(_more(search, search.open, ()), key=_rank)[:BEAM]
    tried = list(beam)
    for _ in range(CONDITIONS - 1):
        longer = [more for found in beam for more in _more(search, found.holds, found.conditions)]
        right = [found for found in longer if search.may_be_kept(found)]
        chosen = [*sorted(longer, key=_rank)[:BEAM], *sorted(right, key=_rank)[:BEAM]]
        beam = [_refined(search, found) for found in chosen]
        tried += [*longer, *beam]
    return tried


def _rank(found: _Found) -> tuple[float, int, str]:
    """The best first; of equals the shortest."""
    return (-round(found.saved, 6), len(found.conditions), " and ".join(map(str, found.conditions)))


def _refined(search: _Search, found: _Found) -> _Found:
    """Each condition set again, given the others."""
    for place in range(len(found.conditions)):
        others: tuple[Condition, ...] = (*found.conditions[:place], *found.conditions[place + 1 :])
        held = search.open.copy()
        for condition in others:
            held &= condition.holds(search.table)
        again = [f for f in _more(search, held, others) if _same(f.conditions[-1], found.conditions[place])]
        found = min([found, *again], key=_rank)
    return found


def _same(a: Condition, b: Condition) -> bool:
    if isinstance(a, Limit) and isinstance(b, Limit):
        return (a.quantity, a.way) == (b.quantity, b.way)
    return a == b


def _more(search: _Search, rows: np.ndarray, before: Sequence[Condition]) -> Iterator[_Found]:
    """`before` with each condition that can be added, its limit set best."""
    if not search.left.any() or rows.sum() < COVERED:
        return
    every: list[Condition] = [*_limits(search, rows), *search.kinds]
    for condition in every:
        if condition in before or any(isinstance(c, Is) and isinstance(condition, Is) for c in before):
            continue
        holds = rows & condition.holds(search.table)
        if (holds & search.left).any():
            yield search.found((*before, condition), holds)


def _limits(search: _Search, rows: np.ndarray) -> Iterator[Limit]:
    """For each quantity and way the limit of the best balance of precision and recall (F1) among these rows."""
    total = int(search.left.sum())
    for name, quantity in search.table.quantities.items():
        order = search.orders[name]
        order = order[rows[order]]
        values, hits = quantity.values[order], search.left[order]
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
