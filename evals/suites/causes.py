"""`./lineside eval causes`: of troubles drawn from fresh seeds, is the first cause right, and is what cannot be known refused?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from evals.interval import shares
from evals.suite import Asked, Result, Suite

if TYPE_CHECKING:
    from evals.causes.explained import Explained, Looked

SEED, PLANTS, SHORT_PLANTS = 39000, 40, 2
CALLED = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
"""Where the levels begin at which calibration is judged: called 0, 20, 40, 60, 80 (70 to 90) and 100 %."""
LEAST_IN_BIN = 20
AIMS = {"first_right": "≥ 0.95", "refused": "= 1", "calibration": "≤ 0.07"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One loss that tells of a trouble: its likeliest cause, whether that is right, and every candidate's probability."""

    seed: int
    trouble: str
    knowable: bool
    right: bool  # the first candidate is a cause that was there
    answered: bool  # it is likely enough to be told as the answer
    seen: bool  # some candidate is right
    said: str
    wanted: str
    chances: tuple[tuple[float, bool], ...]  # (probability, right) of every candidate
    seconds: float


async def run(asked: Asked) -> Result:
    """Draw plants, find their losses, explain those that tell of a trouble; causes are compared after all are ranked."""
    from evals.causes.explained import explained_in

    plants = asked.plants or (SHORT_PLANTS if asked.short else PLANTS)
    first = SEED if asked.seed is None else asked.seed
    settings = asked.settings.model_copy(update={"home": asked.folder / "home", "database_url": None})
    told = explained_in(settings, range(first, first + plants), asked.folder, asked.tell)
    return told_of([plant async for plant in told], first)


def told_of(plants: "Sequence[Looked]", first: int) -> Result:
    rows = [judged(one) for plant in plants for one in plant.found]
    without, troubles = sum(plant.without_a_row for plant in plants), sum(plant.troubles for plant in plants)
    return result(rows, first, len(plants), (without, troubles))


def judged(one: "Explained") -> Judged:
    from mom.causes.weigh import weighed, weights

    ranked, _ = weighed(one.found)
    best = ranked[0] if ranked else None
    causes = [truth["cause"] for truth in one.truths]
    return Judged(
        one.seed,
        one.trouble,
        one.knowable,
        best is not None and one.names(best),
        best is not None and best.score >= weights().sufficient,
        any(one.right),
        f"{best.kind} {best.thing} {best.score:.2f}" if best else "nothing",
        "; ".join(" ".join(str(v) for v in cause.values() if v) for cause in causes),
        tuple((candidate.score, one.names(candidate)) for candidate in ranked),
        one.seconds,
    )


def result(rows: Sequence[Judged], first: int, plants: int, without: tuple[int, int] = (0, 0)) -> Result:
    """`without`: of how many troubles no loss tells, and of how many one could. What nothing was asked of has no score."""
    known, unknown = [r for r in rows if r.knowable], [r for r in rows if not r.knowable]
    bins = reliability(rows)
    gaps = [abs(b["said"] - b["right"]) for b in bins if b["candidates"] >= LEAST_IN_BIN]
    scores, intervals = shares(
        {
            "first_right": (sum(r.right for r in known), len(known)),
            "right_and_answered": (sum(r.right and r.answered for r in known), len(known)),
            "wrong_and_answered": (sum(not r.right and r.answered for r in known), len(known)),
            "refused": (sum(not r.answered for r in unknown), len(unknown)),
            "without_a_row": without,
        }
    )
    scores |= {"calibration": max(gaps)} if gaps else {}
    failures = [_failure(r) for r in rows if (not r.right if r.knowable else r.answered)]
    notes = [
        f"{plants} plants from seed {first}, {len(rows)} losses that tell of a trouble: of {len(known)} the cause can be known,",
        f"of {len(unknown)} it cannot (refused). Of {without[1]} troubles that could have a loss {without[0]} have none.",
        "first_right: the likeliest cause is right, whether or not it is likely enough to be told; right_and_answered: and it is told.",
        "Of the candidates called so likely, so many were right:",
        *(f"  {b['from']:.1f} to {b['to']:.1f}: said {b['said']:.3f}, right {b['right']:.3f} of {b['candidates']}" for b in bins),
        f"Explaining took {max((r.seconds for r in rows), default=0.0):.2f} s at most.",
    ]  # fmt: skip
    return Result(
        "causes", len(rows), len(rows) - len(failures), scores, intervals, AIMS, by_trouble(rows), failures, notes
    )


def reliability(rows: Iterable[Judged]) -> list[dict[str, Any]]:
    """By levels of the probability: what was said, how often it was right, of how many candidates."""
    chances = [chance for row in rows for chance in row.chances]
    found = []
    for low, high in pairwise([*CALLED, 1.0]):
        inside = [c for c in chances if low <= c[0] < high or c[0] == high == 1.0]
        if inside:
            said, right = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            found.append({"from": low, "to": high, "said": said, "right": right, "candidates": len(inside)})
    return found


def by_trouble(rows: Iterable[Judged]) -> list[dict[str, Any]]:
    kinds: dict[tuple[bool, str], list[Judged]] = {}
    for row in rows:
        kinds.setdefault((not row.knowable, row.trouble), []).append(row)
    return [
        {
            "trouble": trouble,
            "knowable": "no" if unknown else "yes",
            "losses": len(some),
            "first right": sum(r.right for r in some),
            "among them": sum(r.seen for r in some),
            "answered": sum(r.answered for r in some),
        }
        for (unknown, trouble), some in sorted(kinds.items())
    ]


def _failure(row: Judged) -> dict[str, Any]:
    return {"seed": row.seed, "trouble": row.trouble, "said": row.said, "wanted": row.wanted}


SUITE_CAUSES = Suite("causes", "the first cause of drawn troubles, and what cannot be known refused", run)
