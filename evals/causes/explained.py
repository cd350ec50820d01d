"""Losses of plants whose troubles are known: which loss tells of which trouble, and whether a candidate names its cause."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import select

from evals.drawn import Built, build_drawn
from mom.causes.cause import Candidate, CauseFacts
from mom.causes.explain import candidates
from mom.causes.gather import gather
from mom.database.access import Store, open_store
from mom.models import Equipment, Loss, Stop
from mom.settings import Settings
from simulator.drawn.plant import DrawnPlant

Truth = Mapping[str, Any]
Stopped = tuple[int, str, datetime]
"""Equipment id, reason, when."""
SAME: Mapping[str, tuple[str, ...]] = {
    "alarm": ("first_alarm",),
    "signal": ("signal_drift", "lying_sensor"),
    "lot": ("material_lot",),
    "product": ("product",),
    "tool": ("tool", "shift_book"),
    "crew": ("crew",),
    "maintenance": ("after_maintenance",),
    "origin": ("origin", "first_alarm"),
    "ambient": ("surroundings",),
    "past": ("similar_past",),
    "supply": ("late_delivery", "surroundings"),
}
"""Kinds of causes as the maker of a plant names them, and the kinds of evidence that name them."""
NAMED_BY: Mapping[str, str] = {
    "signal": "tag",
    "lot": "lot",
    "product": "product",
    "tool": "tool",
    "crew": "crew",
    "maintenance": "order",
    "ambient": "tag",
    "supply": "lot",
}
"""What has to be named rightly, beside the kind."""
OWN_CAUSE = ("sensor_", "counter_", "link_", "drift")
"""A sensor that lies, a counter that stands, a link that is silent, a drift without a loss: nothing is behind them to find."""
NEAR = timedelta(minutes=30)
AT = timedelta(seconds=5)
"""A machine tells of a stop so soon."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One loss, the troubles that it tells of (mostly one), and what the kinds of evidence find, not yet weighed."""

    seed: int
    truths: tuple[Truth, ...]
    facts: CauseFacts
    found: tuple[Candidate, ...]
    seconds: float  # what gathering and looking took

    @property
    def trouble(self) -> str:
        return str(min(self.truths, key=lambda truth: not knowable(truth))["trouble"])

    @property
    def knowable(self) -> bool:
        return any(knowable(truth) for truth in self.truths)

    @property
    def right(self) -> tuple[bool, ...]:
        return tuple(self.names(candidate) for candidate in self.found)

    def names(self, candidate: Candidate) -> bool:
        """Whether a candidate is the cause of a trouble of this loss."""
        return any(knowable(truth) and names(candidate, truth) for truth in self.truths)


@dataclass(frozen=True, slots=True)
class Looked:
    """One plant: its losses that tell of a trouble, and how many troubles that a reading could tell no loss tells of."""

    seed: int
    found: tuple[Explained, ...]
    without_a_row: int
    troubles: int


def knowable(truth: Truth) -> bool:
    return bool(truth["knowable"]) and truth["cause"]["kind"] != "none"


def names(candidate: Candidate, truth: Truth) -> bool:
    """Whether a candidate is the true cause: the same kind, and the same thing in the plant's own terms."""
    cause = truth["cause"]
    if candidate.kind not in SAME.get(cause["kind"], ()):
        return False
    if cause["kind"] == "past" and cause.get("part"):
        return bool(candidate.part == cause["part"])
    if cause["kind"] == "alarm":
        return str(cause["alarm"]) in candidate.thing and candidate.equipment.endswith(f"/{cause['equipment']}")
    wanted = cause.get("tag") if cause["kind"] == "supply" else None
    wanted = wanted or cause.get(NAMED_BY.get(cause["kind"], ""))
    return candidate.equipment.endswith(str(cause["equipment"])) if wanted is None else candidate.thing == str(wanted)


async def explained_in(
    settings: Settings, seeds: Iterable[int], folder: Path, tell: Callable[[str], None], days: float = 3.0
) -> AsyncIterator[Looked]:
    """Drawn plants with their losses that tell of a trouble, one by one, all in one store below `folder`."""
    async with open_store(settings) as store:
        for seed in seeds:
            looked = await explained(store, settings, seed, folder / "drawn", days)
            tell(f"plant {seed}: {len(looked.found)} losses that tell of a trouble")
            yield looked


async def explained(store: Store, settings: Settings, seed: int, folder: Path, days: float) -> Looked:
    """One drawn plant and its losses that tell of a trouble."""
    built = await build_drawn(store, settings, DrawnPlant(seed, days), folder)
    async with store.read() as session:
        rows = await session.execute(
            select(Loss, Equipment.path)
            .join(Equipment, Equipment.id == Loss.equipment_id)
            .where(Loss.site_id == built.site_id, Loss.superseded_at.is_(None))
        )
        stops = await session.execute(
            select(Stop.equipment_id, Stop.reason, Stop.started_at)
            .join(Equipment, Equipment.id == Stop.equipment_id)
            .where(Equipment.site_id == built.site_id, Stop.superseded_at.is_(None))
        )
        told = by_loss(built, [(loss, path) for loss, path in rows], [(unit, reason, at) for unit, reason, at in stops])
        found = []
        for loss_id, truths in told.items():
            began = perf_counter()
            facts = await gather(session, loss_id, built.drawn.now)
            seen = tuple(candidates(facts))
            found.append(Explained(seed, truths, facts, seen, perf_counter() - began))
    asked = [truth for truth in built.truth if asked_for(truth, built.drawn.now)]
    told_of = {truth["name"] for truths in told.values() for truth in truths}
    return Looked(seed, tuple(found), sum(truth["name"] not in told_of for truth in asked), len(asked))


def asked_for(truth: Truth, now: datetime) -> bool:
    """A trouble that has a cause to find, and that a reading could tell of before the plant's past ends."""
    own = truth["innocent"] or truth["trouble"].startswith(OWN_CAUSE)
    return not own and truth["telling"] is not None and truth["telling"] < now


def by_loss(
    built: Built, losses: Sequence[tuple[Loss, str]], stops: Sequence[Stopped]
) -> dict[int, tuple[Truth, ...]]:  # fmt: skip
    """The troubles by the id of the loss that tells of them."""
    told: dict[int, tuple[Truth, ...]] = {}
    for truth in built.truth:
        loss = loss_of(truth, losses, stops, built.plant.site.id, built.drawn.now)
        if loss is not None:
            told[loss.id] = (*told.get(loss.id, ()), truth)
    return told


def loss_of(
    truth: Truth, losses: Sequence[tuple[Loss, str]], stops: Sequence[Stopped], site: str, now: datetime
) -> Loss | None:
    """The loss of a rule that may rightly tell of the trouble, at its machine: the one that has most of its stops, or, of one
    without stops, whose time overlaps its time most; of as good ones that with the least time beside it (of a trouble that is
    known by its past: the last).
    """
    if truth["innocent"] or truth["trouble"].startswith(OWN_CAUSE):
        return None
    start, end = truth["from"] - NEAR, (truth["to"] or now) + NEAR
    fits = []
    for loss, where in losses:
        if not _there(truth, where, site) or loss.rule not in truth["loss"]:
            continue
        of_stops = loss.rule in ("stop", "minor_stops")
        good = shared(truth, loss, stops) if of_stops and truth["stops"] else _overlap(loss, start, end, now)
        past = truth["cause"]["kind"] == "past"
        if good > 0:
            fits.append((-good, -loss.started_at.timestamp() if past else _length(loss, now), loss.id, loss))
    return min(fits, key=lambda fit: fit[:3])[3] if fits else None


def shared(truth: Truth, loss: Loss, stops: Sequence[Stopped]) -> int:
    """How many of the trouble's stops the loss tells of."""
    true = [start for start, _ in truth["stops"]]
    if loss.rule == "stop":
        return sum(abs(loss.started_at - start) <= AT for start in true)
    mine = [at for equipment, reason, at in stops if equipment == loss.equipment_id and reason == loss.reason]
    return sum(any(abs(at - start) <= AT for at in mine) for start in true)


def _there(truth: Truth, where: str, site: str) -> bool:
    """A machine; any of a line where the trouble is the line's, or slows it from another machine of it."""
    path = truth["equipment"]
    if truth["cause"]["kind"] == "origin":
        path = path.partition("/")[0]
    below = where.removeprefix(f"{site}/")
    return bool(below == path or below.startswith(f"{path}/"))


def _overlap(loss: Loss, start: datetime, end: datetime, now: datetime) -> float:
    return round((min(_last(loss, now), end) - max(loss.started_at, start)).total_seconds(), -2)


def _length(loss: Loss, now: datetime) -> float:
    return (_last(loss, now) - loss.started_at).total_seconds()


def _last(loss: Loss, now: datetime) -> datetime:
    """Of a pattern that may go on, when it last showed."""
    told = [datetime.fromisoformat(part["to"]) for part in loss.figures.get("parts", ())]
    return loss.ended_at or max(told, default=now)
