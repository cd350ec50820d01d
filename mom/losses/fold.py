"""Fold what was found in shift after shift into troubles: one a trouble, with its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from mom.losses.loss import Finding

MOST_PARTS = 120
"""A trouble that goes on for longer than so many shifts (forty days of three) begins a new row."""
MOST_EVIDENCE = 60
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A trouble's share in one shift. `shift` is when that shift began."""

    shift: datetime
    start: datetime
    end: datetime
    seconds: float
    units: float
    money: Decimal | None
    evidence: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    over: bool = False  # it was seen to end in that shift

    def as_json(self) -> dict[str, Any]:
        return {
            "shift": self.shift.isoformat(),
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "seconds": self.seconds,
            "units": self.units,
            "money": None if self.money is None else str(self.money),
            "evidence": list(self.evidence),
            "figures": dict(self.figures),
            "over": self.over,
        }


def part_of(finding: Finding, shift: datetime, upto: datetime) -> Part:
    """`upto`: until when was looked; what was not seen to end lasts that long."""
    end = finding.end if finding.end is not None else max(upto, finding.start)
    money = None if finding.money is None else finding.money.quantize(Decimal("0.01"))
    few = finding.evidence[-MOST_SHOWN:]
    figures = {name: value for name, value in finding.figures.items() if isinstance(value, int | float)}
    return Part(shift, finding.start, end, finding.seconds, finding.units, money, few, figures, finding.end is not None)


def part_from_json(data: Mapping[str, Any]) -> Part:
    shift, start, end = (datetime.fromisoformat(data[name]) for name in ("shift", "from", "to"))
    money = None if data["money"] is None else Decimal(data["money"])
    few, over = tuple(data["evidence"]), bool(data.get("over"))
    return Part(shift, start, end, data["seconds"], data["units"], money, few, data["figures"], over)


def folded(
    parts: Sequence[Part],
    shifts: Sequence[datetime],
    patience: int,
    like: Finding,
    now: datetime,
    *,
    closes: bool = False,
) -> list[Finding]:
    """Troubles of one key: parts with at most `patience` worked shifts without a sign between them belong together.

    `shifts`: when each worked shift began, in order. A trouble lasts while its last sign is no older than that, or with
    `closes` until it was seen to end; what begins after that is another one.
    """
    place = {start: index for index, start in enumerate(shifts)}
    groups: list[list[Part]] = []
    for part in sorted(parts, key=lambda p: (p.shift, p.start)):
        last = groups[-1][-1] if groups else None
        near = last is not None and _between(place, last.shift, part.shift) <= patience
        near = near and not (closes and last is not None and last.over)
        if near and len(groups[-1]) < MOST_PARTS:
            groups[-1].append(part)
        else:
            groups.append([part])
    current = max((start for start in shifts if start <= now), default=now)
    found = []
    for group in groups:
        lasts = _between(place, group[-1].shift, current) <= patience and not (closes and group[-1].over)
        trouble = _trouble(group, like, lasts)
        found.append(replace(trouble, key=f"{like.key}@{group[0].start.isoformat()}") if closes else trouble)
    return found


def _between(place: Mapping[datetime, int], one: datetime, other: datetime) -> int:
    """Worked shifts between two, both left out; very many if one of them is not known."""
    if one in place and other in place:
        return place[other] - place[one] - 1
    return 1_000_000


def _trouble(group: Sequence[Part], like: Finding, lasts: bool) -> Finding:
    money = [part.money for part in group]
    return replace(
        like,
        key=f"{like.key}@{group[0].shift.isoformat()}",
        start=group[0].start,
        end=None if lasts else group[-1].end,
        seconds=sum(part.seconds for part in group),
        units=sum(part.units for part in group),
        money=None if any(m is None for m in money) else sum((m for m in money if m is not None), Decimal(0)),
        evidence=tuple(ref for part in group for ref in part.evidence)[-MOST_EVIDENCE:],
        figures={**_last_words(like), **_sums(group), "parts": [part.as_json() for part in group]},
    )


def _last_words(like: Finding) -> dict[str, Any]:
    return {name: value for name, value in like.figures.items() if isinstance(value, str)}


def _sums(group: Sequence[Part]) -> dict[str, float]:
    names = dict.fromkeys(name for part in group for name in part.figures)
    sums = {name: sum(part.figures.get(name, 0) for part in group) for name in names}
    if like_share := sums.pop("share", None):
        sums["share"] = like_share / len(group)
    if under := sums.pop("under_standard", None):
        sums["under_standard"] = under / len(group)
    return sums
