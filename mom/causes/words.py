"""Words of repairs and signals, compared; moments said in plant time."""

import re
from collections.abc import Sequence
from datetime import datetime

from mom.causes.cause import CauseFacts, Repair
from mom.causes.level import Level
from mom.facts import Series

EMPTY = frozenset(
    re.findall(
        r"[a-z]+",
        "with from below above application after again before this thi the and was not for one two all has had but are "
        "new out off set low high top old now let per due yet its who why how did any our too back since last week day",
    )
)
"""Words that tell nothing of a subject."""


def words(text: str) -> frozenset[str]:
    """Words of three letters or more, in the singular: "caps jam" and "cap jams" speak of the same."""
    found = (w.removesuffix("s") if len(w) > 3 else w for w in re.findall(r"[a-z]{3,}", text.casefold()))
    return frozenset(w for w in found if w not in EMPTY)


def about(text: str, subject: str) -> bool:
    """Whether a text speaks of the subject: one of its telling words stands in it."""
    return bool(words(text) & words(subject))


def parts_named(facts: CauseFacts, repairs: Sequence[Repair]) -> str:
    """The part that repairs of the machine name most often; empty where none does."""
    named = [repair.part for repair in repairs if repair.part]
    return max(named, key=named.count) if named else ""


def day(facts: CauseFacts, at: datetime) -> str:
    """`Thu 19 Mar 14:00` in plant time."""
    local = at.astimezone(facts.machine.zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def moved(facts: CauseFacts, series: Series, level: Level) -> str:
    """How far a signal moved, and since when."""
    way = "fell" if level.after < level.before else "rose"
    far = f"from {level.before:.3g} to {level.after:.3g} {series.unit}"
    return f"{series.name} {way} {far} since {day(facts, level.since)}"


def share_of(share: float) -> str:
    """`a third`, `most`; figures that need not be exact."""
    steps = ((0.2, "some"), (0.3, "a quarter"), (0.42, "a third"), (0.6, "half"), (0.8, "two thirds"), (0.97, "most"))
    return next((word for limit, word in steps if share < limit), "all")
