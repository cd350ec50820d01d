"""Something that held for a time at the machine (a lot in use, a crew on shift, a product made), held against the loss."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from mom.causes.cause import CauseFacts
from mom.causes.contrast import Contrast, contrast
from mom.causes.course import Course, Flags

Spans = Sequence[tuple[datetime, datetime]]
LEAST_RATIO, LEAST_GAIN = 1.3, 1.5
"""Less is no candidate at all: the loss is as large without it."""
LEAST_LONGER = 1.1
"""Of change-overs, whose ordinary time is in both."""


@dataclass(frozen=True, slots=True)
class Held:
    """`signs` are named in weights.yaml."""

    thing: str
    spans: Spans
    contrast: Contrast
    signs: Mapping[str, float]

    @property
    def since(self) -> datetime:
        return self.spans[0][0]


def worse_while(facts: CauseFacts, things: Mapping[str, Spans]) -> Iterable[Held]:
    """Of things of one sort, those while which the loss was clearly larger, with how strongly each is indicated."""
    course = facts.course
    if course is None or course.exposure.sum() <= 0:
        return
    free = facts.spell.gain if facts.spell else 0.0
    least = LEAST_LONGER if facts.loss.kind == "set_up" else LEAST_RATIO
    here = course.between(facts.start, facts.end)
    for thing, spans in things.items():
        mask = course.during(spans)
        found = contrast(course, mask)
        if found is None or found.ratio < least or found.gain < LEAST_GAIN or not (mask & here).any():
            continue
        yield Held(thing, spans, found, signs(facts, course, mask, found, free, len(things), spans))


def signs(
    facts: CauseFacts, course: Course, mask: Flags, found: Contrast, free: float, sorts: int, spans: Spans
) -> dict[str, float]:
    """How strong the contrast is beyond chance; how well it fits beside a trouble that merely came and went; when."""
    here = course.between(facts.start, facts.end)
    lost = course.amount * here
    background = found.off * course.exposure * here
    over = np.clip(lost - background, 0.0, None)
    outside = float(over[~mask].sum() / over.sum()) if over.sum() > 0 else 1.0
    edge = at_the_edges(course, spans, mask)
    return {
        "nats": max(0.0, found.gain),
        "edge": float(np.clip(np.log(max(edge.ratio, 1e-3)) / np.log(found.ratio), -1.0, 1.0)) if edge else 0.0,
        "edge_gain": max(-2.0, min(3.0, edge.gain / 5)) if edge else 0.0,
        "gain": min(30.0, max(0.0, found.gain - float(np.log(max(1, sorts))))) / 10,
        "fit": float(np.clip(found.gain / max(free, found.gain, 1e-9), 0.0, 1.0)),
        "ratio": min(4.0, float(np.log2(max(found.ratio, 1.0)))) / 2,
        "outside": outside,
        "again": float(min(3, _worse_spells(course, spans, found) - 1)),
        "onset": onset(facts, [start for start, _ in spans]),
        "set_up": float(facts.loss.kind == "set_up"),
    }


def at_the_edges(course: Course, spans: Spans, mask: Flags) -> Contrast | None:
    """The contrast of the hours just around each coming and going: what grows by itself makes no step there."""
    if course.step <= 0:
        return contrast(course, mask)
    lengths = sorted((end - start).total_seconds() for start, end in spans)
    reach = float(np.clip(lengths[len(lengths) // 2] / 2, 3600, 43200))
    moments = np.array([at.timestamp() for span in spans for at in span])
    near = (np.abs(course.times[:, None] - moments[None, :]) <= reach).any(axis=1)
    local = replace(course, exposure=course.exposure * near, amount=course.amount * near)
    return contrast(local, mask)


def onset(facts: CauseFacts, starts: Iterable[datetime]) -> float:
    """1 where one of these moments lies just before the loss began, falling to 0 some hours from it."""
    scale = max(1800.0, 0.02 * facts.machine.window.seconds)
    gaps = [(facts.start - start).total_seconds() for start in starts]
    near = [abs(gap) * (1.0 if gap >= -600 else 2.0) for gap in gaps]
    return float(np.exp(-min(near, default=1e9) / scale))


def _worse_spells(course: Course, spans: Spans, found: Contrast) -> int:
    """In how many of its spans the loss was nearer to the level with it than to that without."""
    middle = (found.on + found.off) / 2
    count = 0
    for start, end in spans:
        inside = course.between(start, end)
        made = course.exposure[inside].sum()
        count += bool(made > 0 and course.amount[inside].sum() / made > middle)
    return max(1, count)
