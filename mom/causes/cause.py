"""What a cause is, and what looks for one: facts in, candidates out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mom.facts import Facts, Series, ShiftSpan


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen. `refs` are rows: `alarm:3`, `maintenance_order:7`."""

    text: str
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may have caused the loss. `score` 0 to 1: how strong the evidence is, for ranking."""

    kind: str  # which file of mom/causes
    subject: str  # what is to blame, in words: "capper chuck torque falling"
    equipment: str  # path where it sits
    score: float
    evidence: tuple[Evidence, ...]
    against: tuple[Evidence, ...] = ()
    refuted_by: str = ""  # what would show that it is not this
    measure_next: str = ""  # what to look at or measure to be surer
    since: datetime | None = None  # when it began
    part: str = ""  # maintainable item, where one is named


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Candidates, the strongest first. `sufficient` false: the evidence does not carry an answer; measure instead."""

    loss_id: int
    title: str
    sufficient: bool
    summary: str
    candidates: tuple[Candidate, ...]
    measure_next: str = ""
    looked_at: tuple[str, ...] = ()  # what was looked at, in words
    from_at: datetime | None = None
    to_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """For pages, tools and the loss row."""
        return {
            "loss": self.loss_id,
            "title": self.title,
            "sufficient": self.sufficient,
            "summary": self.summary,
            "measure_next": self.measure_next,
            "looked_at": list(self.looked_at),
            "from": self.from_at.isoformat() if self.from_at else None,
            "to": self.to_at.isoformat() if self.to_at else None,
            "causes": [_candidate(candidate) for candidate in self.candidates],
        }


@dataclass(frozen=True, slots=True)
class LossFact:
    """The loss that is to be explained."""

    id: int
    rule: str
    kind: str
    reason: str
    equipment: str
    title: str
    start: datetime
    end: datetime
    open: bool
    seconds: float
    units: float
    figures: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    id: int
    number: str
    equipment: str
    part: str | None
    kind: str
    title: str
    text: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class LotUse:
    id: int
    lot: str
    material: str
    supplier: str | None
    equipment: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot of material as the warehouse knows it."""

    id: int
    lot: str
    material: str
    supplier: str | None
    expected_at: datetime | None
    received_at: datetime | None
    status: str


@dataclass(frozen=True, slots=True)
class Inspection:
    id: int
    equipment: str
    characteristic: str
    passed: bool | None
    at: datetime
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class PastLoss:
    id: int
    rule: str
    kind: str
    reason: str
    equipment: str
    start: datetime
    end: datetime | None
    seconds: float
    units: float
    product: str | None = None
    crew: str | None = None
    causes: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShiftTally:
    """One shift at the loss's machine."""

    shift: ShiftSpan
    ran: float  # seconds of production
    stops: int  # of the loss's reason
    stopped: float  # seconds of them
    scrap: float  # pieces of the loss's reason
    produced: float

    @property
    def stops_an_hour(self) -> float:
        return 3600 * self.stops / self.ran if self.ran > 0 else 0.0

    @property
    def scrap_share(self) -> float:
        return self.scrap / self.produced if self.produced > 0 else 0.0


@dataclass(frozen=True, slots=True)
class CauseFacts:
    """All that kinds of evidence may look at: the loss, its machine and line over the weeks before."""

    loss: LossFact
    machine: Facts  # the loss's machine, from weeks before to the loss's end, with signals
    line: tuple[Facts, ...] = ()  # the stops of every machine that a piece passes, from upstream, same window
    tallies: tuple[ShiftTally, ...] = ()  # the machine's shifts, in order
    repairs: tuple[Repair, ...] = ()
    lots: tuple[LotUse, ...] = ()
    lots_known: tuple[Lot, ...] = ()
    inspections: tuple[Inspection, ...] = ()  # of the machine
    past: tuple[PastLoss, ...] = ()  # losses of the line in the window
    site_signals: tuple[Series, ...] = ()  # of what serves all lines: air, energy, cooling


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of evidence."""

    name: str
    title: str
    find: Callable[[CauseFacts], Iterable[Candidate]]


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "kind": candidate.kind,
        "cause": candidate.subject,
        "equipment": candidate.equipment,
        "part": candidate.part,
        "score": round(candidate.score, 3),
        "since": candidate.since.isoformat() if candidate.since else None,
        "evidence": [{"text": e.text, "refs": list(e.refs)} for e in candidate.evidence],
        "against": [{"text": e.text, "refs": list(e.refs)} for e in candidate.against],
        "refuted_by": candidate.refuted_by,
        "measure_next": candidate.measure_next,
    }
