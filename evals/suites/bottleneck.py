"""`./lineside eval bottleneck`: does the machine that states point at agree with the one that is worth speeding up?"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from evals.suite import Asked, Result, Suite

if TYPE_CHECKING:
    from evals.drawn import Built
    from evals.sensitivity import Line
    from mom.bottleneck.find import Bottleneck
    from mom.database.access import Store

SEED, PLANTS, SHORT_PLANTS = 19000, 50, 2
MEANINGS = ("state", "set_up", "order", "product", "good", "scrap")
WORTH = 0.25
"""Hours: a relief that truly brings less is not held against what was foretold."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of one plant: what was found against what is true."""

    truth: "Line"
    found: "Bottleneck"
    foretold: tuple[float | None, ...]  # hours that each stage's relief would bring

    @property
    def right(self) -> bool:
        first = self.found.first
        if self.found.limit != "machine" or self.truth.limit != "machine" or first is None:
            return self.found.limit == self.truth.limit
        return self.truth.is_best(self.found.stages.index(first))

    def errors(self) -> list[float]:
        pairs = zip(self.foretold, self.truth.gains, strict=True)
        return [abs(said - true) / true for said, true in pairs if said is not None and true >= WORTH]


async def run(asked: Asked) -> Result:
    """Load fresh plants into a store, find each line's bottleneck from its states; speed up each stage by 5 % in truth."""
    from evals.drawn import build_drawn
    from evals.sensitivity import sensitivities
    from mom.database.access import open_store
    from simulator.drawn.plant import DrawnPlant

    plants = asked.plants or (SHORT_PLANTS if asked.short else PLANTS)
    first = SEED if asked.seed is None else asked.seed
    seeds = range(first, first + plants)
    settings = asked.settings.model_copy(update={"home": asked.folder / "home", "database_url": None})
    truths = dict(zip(seeds, sensitivities(seeds), strict=True))
    judged: list[Judged] = []
    async with open_store(settings) as store:
        for seed in seeds:
            built = await build_drawn(
                store, settings, DrawnPlant(seed), asked.folder / "spool", losses=False, meanings=MEANINGS
            )
            judged += [await _judged(store, built, line) for line in truths[seed]]
            asked.tell(f"plant {seed}: {sum(one.right for one in judged)} of {len(judged)} lines right")
    return result(judged, seeds)


async def _judged(store: "Store", built: "Built", truth: "Line") -> Judged:
    from mom.bottleneck.gather import bottleneck_of, reliefs_of
    from mom.bottleneck.shown import WORTH_SAYING
    from mom.facts import Window
    from mom.store.plants import layout_of

    window = Window(built.drawn.start, built.drawn.now)
    async with store.read() as session:
        layout = await layout_of(session, built.site_id)
        path = f"{layout.site.code}/{truth.path}"
        found, line = await bottleneck_of(session, layout, path, window, built.drawn.now)
    likely = [machine for stage in found.stages if stage.share >= WORTH_SAYING for machine in stage.paths]
    told, _ = reliefs_of(line, path, likely)
    by_path = {one.path.partition("/")[2]: one.seconds / 3600 for one in told}
    foretold = tuple(by_path.get(stage[0]) if len(stage) == 1 else None for stage in truth.stages)
    return Judged(truth, found, foretold)


def result(judged: Sequence[Judged], seeds: range) -> Result:
    """A plant is right when each of its lines is."""
    from evals.interval import shares

    plants = {seed: [one for one in judged if one.truth.seed == seed] for seed in seeds}
    right = sum(all(one.right for one in lines) for lines in plants.values())
    errors = [error for one in judged for error in one.errors()]
    machine = [one for one in judged if one.truth.limit == "machine"]
    scores, intervals = shares(
        {
            "agreement": (right, len(plants)),
            "lines": (sum(one.right for one in judged), len(judged)),
            "where_a_machine_limits": (sum(one.right for one in machine), len(machine)),
        }
    )
    scores |= {"relief_error": median(errors)} if errors else {}
    failures = [_failure(one) for one in judged if not one.right]
    return Result(
        "bottleneck", len(plants), right, scores, intervals, {"agreement": "≥ 0.9"},
        [_row(one) for one in judged], failures,
        (
            "agreement: plants in which, on every line, the stage that was the momentary bottleneck for most of the time is",
            "the one that brings the most when its machines are 5 % faster, or within a tenth of it. A line whose best stage",
            "brings under a quarter of its own speeding up is held back by its orders, and has to be called so.",
            "relief_error: median error of the hours foretold for a machine 5 % faster, where that truly brings 15 minutes or more.",
        ),
    )  # fmt: skip


def _row(one: Judged) -> dict[str, Any]:
    best = max(range(len(one.truth.gains)), key=one.truth.gains.__getitem__)
    first = one.found.first
    said = one.found.stages.index(first) if first else None
    return {
        "plant": one.truth.seed,
        "line": one.truth.path,
        "stages": len(one.truth.stages),
        "truth": one.truth.limit,
        "best": "+".join(one.truth.stages[best]),
        "brings h": round(one.truth.gains[best], 2),
        "found": one.found.limit or "unknown",
        "bottleneck": "+".join(one.truth.stages[said]) if said is not None else None,
        "share": round(first.share, 3) if first else None,
        "foretold h": round(one.foretold[best] or 0.0, 2) if one.foretold[best] is not None else None,
        "right": "yes" if one.right else "no",
    }


def _failure(one: Judged) -> dict[str, Any]:
    row = _row(one)
    return {name: row[name] for name in ("plant", "line", "truth", "best", "brings h", "found", "bottleneck", "share")}


SUITE_BOTTLENECK = Suite(
    "bottleneck", "the shifting bottleneck of drawn lines, against what each machine 5 % faster truly brings", run
)
