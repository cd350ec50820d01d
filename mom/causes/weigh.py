"""What the signs of all candidates together are worth: the probability of each, and of none of them. Pure.

Each candidate has points: its kind's, and for each sign its strength times what such a sign is worth (weights.yaml). The
probabilities are those of a conditional logit (McFadden 1974) in which "none of these" is one more candidate with no
points. The points were learned from plants in which the cause is known; `python -m evals.causes.weighing` learns them again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

import yaml

from mom.causes.cause import Candidate

WEIGHTS = Path(__file__).with_name("weights.yaml")


@dataclass(frozen=True, slots=True)
class Weights:
    """`kinds`: points of a kind before any sign; `signs`: points for a sign of strength 1, of every kind and of one.

    `sufficient`: below this probability the best candidate is no answer.
    """

    sufficient: float
    kinds: Mapping[str, float]
    signs: Mapping[str, float]
    of_kind: Mapping[str, Mapping[str, float]]

    def points(self, candidate: Candidate) -> float:
        own = self.of_kind.get(candidate.kind, {})
        told = candidate.signs.items()
        worth = sum(strength * (self.signs.get(sign, 0.0) + own.get(sign, 0.0)) for sign, strength in told)
        return self.kinds.get(candidate.kind, self.kinds["other"]) + worth


@cache
def weights() -> Weights:
    """As committed; kinds that are learned from something else than drawn plants have a file of their own beside it."""
    told = _read(WEIGHTS)
    kinds, of_kind = dict(told["kinds"]), dict(told["of_kind"])
    for path in sorted(WEIGHTS.parent.glob("weights_*.yaml")):
        more = _read(path)
        kinds |= more.get("kinds", {})
        of_kind |= more.get("of_kind", {})
    return Weights(told["sufficient"], kinds, told["signs"], of_kind)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def weighed(found: Sequence[Candidate], by: Weights | None = None) -> tuple[tuple[Candidate, ...], float]:
    """The candidates with their probabilities, the likeliest first; and the probability that it is none of them."""
    used = by or weights()
    points = [used.points(candidate) for candidate in found]
    top = max([0.0, *points])
    parts = [exp(point - top) for point in points]
    total = sum(parts) + exp(-top)
    scored = [replace(candidate, score=part / total) for candidate, part in zip(found, parts, strict=True)]
    return tuple(sorted(scored, key=lambda c: (-c.score, c.kind, c.subject))), exp(-top) / total
