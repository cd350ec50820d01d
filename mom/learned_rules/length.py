"""How long it takes to write a rule down, and the rows that it gets wrong: of rules that fit, the shortest says most.

Minimum description length (Rissanen 1978), as RIPPER (Cohen 1995) weighs rules: in bits.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mom.learned_rules.rule import Condition, Limit
from mom.learned_rules.table import Table

DIGIT = math.log2(10)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """What conditions are written in: so many measured quantities, and so many words of all kinds."""

    measured: int
    words: int

    def bits(self, conditions: Sequence[Condition], known: Collection[str] = ()) -> float:
        """Of a rule. `known`: quantities that earlier rules of the cause name; to name one of them again takes less."""
        return 1 + sum(self._of(condition, known) for condition in conditions)

    def _of(self, condition: Condition, known: Collection[str]) -> float:
        if not isinstance(condition, Limit):
            return 1 + math.log2(max(1, self.words))
        new = condition.quantity not in known
        name = self._name(condition.parts) if new else math.log2(len(known))
        return 3 + name + DIGIT * digits(condition.limit)  # limit or kind, known or new, below or above

    def _name(self, parts: int) -> float:
        """Each measured quantity, that it goes on, and how it is joined to the next."""
        return parts * (1 + math.log2(max(1, self.measured))) + (parts - 1)


def alphabet(table: Table) -> Alphabet:
    measured = sum(quantity.parts == 1 for quantity in table.quantities.values())
    return Alphabet(measured, sum(len(set(words.tolist())) for words in table.kinds.values()))


def digits(number: float) -> int:
    """How many a person has to remember: 2 of 11,000 and of 8.6."""
    return max(1, len(f"{abs(number):.12g}".partition("e")[0].replace(".", "").strip("0")))


def exceptions(rows: int, of_them: int) -> float:
    """Bits that say which `of_them` of `rows` rows are meant."""
    log = math.lgamma(rows + 1) - math.lgamma(of_them + 1) - math.lgamma(rows - of_them + 1)
    return log / math.log(2)
