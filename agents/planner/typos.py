"""Mend typing errors: a word that nobody knows becomes the one known word that it is a slip of."""

import re
from collections.abc import Collection
from functools import lru_cache

SHORTEST = 4
"""Letters. In a word of three only two that are swapped are mended: `hwo`."""


def mended(text: str, known: Collection[str]) -> str:
    """`text` in small letters with unknown words replaced where exactly one known word is near."""
    lexicon = frozenset(known)
    return re.sub(r"[a-z]{3,}", lambda found: _mend(found.group(), lexicon), text)


@lru_cache(maxsize=4096)
def _mend(word: str, lexicon: frozenset[str]) -> str:
    if word in lexicon or _plain_form(word) in lexicon:
        return word
    if len(word) < SHORTEST:
        return next((o for o in sorted(lexicon) if o[0] == word[0] and sorted(o) == sorted(word)), word)
    allowed = 1 if len(word) < 7 else 2
    near = [(distance(word, other, allowed), other) for other in lexicon if abs(len(other) - len(word)) <= allowed]
    best = sorted(pair for pair in near if pair[0] <= allowed and len(pair[1]) >= SHORTEST and pair[1][0] == word[0])
    nearest = [other for size, other in best if size == best[0][0]]
    if len({_plain_form(other) for other in nearest}) != 1:
        return word
    return min(nearest, key=len)


def _plain_form(word: str) -> str:
    return word[:-1] if word.endswith("s") else word


def distance(a: str, b: str, limit: int) -> int:
    """Damerau-Levenshtein: letters changed, left out, put in or swapped; more than `limit` is `limit` + 1."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        new = [i]
        for j, y in enumerate(b, 1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        if min(new) > limit:
            return limit + 1
        before, row = row, new
    return row[-1]
