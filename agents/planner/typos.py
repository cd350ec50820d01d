"""Mend typing errors: a word that nobody knows becomes the one known word that it is a slip of."""

import re
from collections.abc import Collection
from functools import lru_cache

SHORTEST = 4
"""Letters. In a word of three only two that are swapped are mended: `hwo`."""
SHORT = {
    "r": "are", "u": "you", "pls": "please", "plz": "please", "wat": "what", "wats": "what's", "whats": "what's", "hows": "how's",
    "whos": "who's", "wheres": "where's", "yday": "yesterday", "wk": "week", "hrs": "hours", "mins": "minutes", "nite": "night",
    "tonite": "tonight", "rite": "right", "thx": "thanks", "prod": "production",
}  # fmt: skip
"""What people type with gloves on. A plant's own name is never taken for one."""


def mended(text: str, known: Collection[str]) -> str:
    """`text` in small letters with unknown words replaced where exactly one known word is near."""
    lexicon = frozenset(known)
    whole = re.sub(r"(?<![\w/'-])[a-z]+(?![\w/'-])", lambda found: _long(found.group(), lexicon), text)
    return re.sub(r"[a-z]{3,}", lambda found: _mend(found.group(), lexicon), whole)


def _long(word: str, lexicon: frozenset[str]) -> str:
    return word if word in lexicon else SHORT.get(word, word)


@lru_cache(maxsize=4096)
def _mend(word: str, lexicon: frozenset[str]) -> str:
    if not lexicon.isdisjoint((word, _plain_form(word), f"{word}s")):
        return word
    if len(word) < SHORTEST:
        return next((o for o in sorted(lexicon) if o[0] == word[0] and sorted(o) == sorted(word)), word)
    allowed = 1 if len(word) < 7 else 2
    near = [(distance(word, other, allowed), other) for other in lexicon if abs(len(other) - len(word)) <= allowed]
    best = sorted(pair for pair in near if pair[0] <= allowed and len(pair[1]) >= SHORTEST and pair[1][0] == word[0])
    nearest = [other for size, other in best if size == best[0][0]]
    nearest = [other for other in nearest if other[-1] == word[-1]] or nearest  # slips seldom hit a word's ends
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
