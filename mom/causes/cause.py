"""What a cause is, and what looks for one: facts in, candidates out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mom.facts import Facts, Series

if TYPE_CHECKING:  # they reckon; who only reads a diagnosis does without numpy
    from mom.causes.contrast import Spell
    from mom.causes.course import Course
    from mom.cycles.stored import Before


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen. `refs` are rows: `alarm:3`, `maintenance_order:7`."""

    text: str
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may have caused the loss.

    `signs`: how strong each piece of evidence is, by the names of weights.yaml; what they are worth together, beside the
    other candidates, is `score`: the probability that it is this one (mom/causes/weigh.py).
    """

    kind: str  # which file of mom/causes
    subject: str  # what is to blame, in words: "capper chuck torque falling"
    equipment: str  # path where it sits
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()
    refuted_by: str = ""  # what would show that it is not this
    measure_next: str = ""  # what to look at or measure to be surer
    since: datetime | None = None  # when it began
    part: str = ""  # maintainable item, where one is named
    thing: str = ""  # what it names in the plant's own terms: a tag, lot, product, tool, crew, order number, alarm text
    signs: Mapping[str, float] = field(default_factory=dict)


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
    none: float = 1.0  # the probability that it is none of the candidates
    past: tuple[Evidence, ...] = ()  # when it was like this before, and what was done then
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
            "none": round(self.none, 3),
            "past": [_evidence(evidence) for evidence in self.past],
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
class Written:
    """What somebody wrote of an equipment (path; none: nobody said of which). Untrusted text."""

    id: int
    equipment: str | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CauseFacts:
    """All that kinds of evidence may look at: the loss, its machine and line over the weeks before."""

    loss: LossFact
    machine: Facts  # the loss's machine, from weeks before to the loss's end, with signals
    course: "Course | None" = None  # the loss over time; None: it is no matter of a rate
    line: tuple[Facts, ...] = ()  # stops and alarms of every machine that a piece passes, from upstream, same window
    repairs: tuple[Repair, ...] = ()
    lots: tuple[LotUse, ...] = ()
    lots_known: tuple[Lot, ...] = ()
    inspections: tuple[Inspection, ...] = ()  # of the machine
    notes: tuple[Written, ...] = ()  # around the loss
    site_signals: tuple[Series, ...] = ()  # of what serves all lines: air, energy, cooling
    before: "Before | None" = None  # what was odd in the machine's cycles before it stopped
    spell: "Spell | None" = None  # when it really was worse, where the course tells
    unnamed: frozenset[str] = frozenset()  # crews of too few people to be named

    @property
    def start(self) -> datetime:
        """When it began: of a pattern or a share, whose row is told by the shift, what its course tells."""
        return datetime.fromtimestamp(self.spell.start, self.loss.start.tzinfo) if self.spell else self.loss.start

    @property
    def end(self) -> datetime:
        return datetime.fromtimestamp(self.spell.end, self.loss.end.tzinfo) if self.spell else self.loss.end


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
        "thing": candidate.thing,
        "score": round(candidate.score, 3),
        "since": candidate.since.isoformat() if candidate.since else None,
        "evidence": [_evidence(e) for e in candidate.evidence],
        "against": [_evidence(e) for e in candidate.against],
        "refuted_by": candidate.refuted_by,
        "measure_next": candidate.measure_next,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {"text": evidence.text, "refs": list(evidence.refs)}
