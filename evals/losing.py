"""Drawn plants with their losses found and priced, several at a time: what the suite `losses` and the calibration look at."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from evals.finding.one_plant import Scored
from evals.money.told import Told

if TYPE_CHECKING:
    from mom.database.access import Store
    from mom.settings import Settings

DAYS = 3.0
AT_ONCE = 4
"""Plants that share a store; two processes work, each on such a handful."""


@dataclass(frozen=True)
class Lost:
    """One plant: what was said of its troubles' money, and what came of another look at it (`scored`)."""

    seed: int
    told: list[Told]
    scored: Scored | None = None


def measured(
    seeds: Sequence[int], folder: Path, tell: Callable[[str], None], *, finding: bool, processes: int = 2
) -> list[Lost]:
    """Draw, load, find, price each plant, and live through it once more without each of its troubles."""
    handfuls = [list(seeds[i : i + AT_ONCE]) for i in range(0, len(seeds), AT_ONCE)]
    found: list[Lost] = []
    for some in _all(handfuls, folder, finding, min(processes, os.cpu_count() or 1, len(handfuls))):
        found += some
        troubles = sum(len(plant.told) for plant in found)
        tell(f"{len(found)} of {len(seeds)} plants, {troubles} troubles that can cost")
    return sorted(found, key=lambda plant: plant.seed)


def _all(handfuls: Sequence[list[int]], folder: Path, finding: bool, processes: int) -> Iterator[list[Lost]]:
    if processes < 2:
        yield from (_handful(seeds, folder, finding) for seeds in handfuls)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_handful, seeds, folder, finding) for seeds in handfuls]
        for one in as_completed(waiting):
            yield one.result()


def _handful(seeds: list[int], folder: Path, finding: bool) -> list[Lost]:
    mine = folder / f"plants-{seeds[0]}"
    mine.mkdir(parents=True, exist_ok=True)
    mine.chmod(0o711)  # as root the database is another user's
    return asyncio.run(_look(seeds, mine, finding))


async def _look(seeds: list[int], folder: Path, finding: bool) -> list[Lost]:
    from mom.database.access import open_store
    from mom.settings import read_settings

    settings = read_settings().model_copy(update={"home": folder / "home", "database_url": None})
    async with open_store(settings) as store:
        return [await _one(store, settings, seed, folder, finding) for seed in seeds]


async def _one(store: "Store", settings: "Settings", seed: int, folder: Path, finding: bool) -> Lost:
    from evals.drawn import build_drawn
    from evals.finding.one_plant import score_finding
    from evals.money.told import told_of
    from mom.money.keep import price_all
    from simulator.drawn.plant import DrawnPlant

    plant = DrawnPlant(seed, DAYS)
    built = await build_drawn(store, settings, plant, folder / str(seed))
    async with store.write.begin() as session:
        await price_all(session, built.site_id, plant.now)
    costs = {one["name"]: plant.cost_of(one["name"]) for one in built.truth if one["costs"] and not one["innocent"]}
    async with store.read() as session:
        told = await told_of(session, built.site_id, seed, built.truth, costs, plant.file)
    scored = await score_finding(store, built, folder / str(seed)) if finding else None
    return Lost(seed, told, scored)
