"""The loss began with a lot's first use, or ended with its last."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, LotUse, ShiftTally
from mom.causes.daily import measure
from mom.causes.words import day

TWICE = 2.0
"""So many times the loss of other lots, in the shifts of this one."""


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Lots of one material at the loss's machine: one whose shifts are far worse than those of all others."""
    if facts.loss.kind not in ("minor_stops", "scrap"):
        return
    uses = sorted((use for use in facts.lots if use.equipment == facts.loss.equipment), key=lambda use: use.at)
    found = facts.tallies
    for material in sorted({use.material for use in uses}):
        yield from _of_material(facts, [use for use in uses if use.material == material], found)


def _of_material(facts: CauseFacts, uses: list[LotUse], found: Sequence[ShiftTally]) -> Iterator[Candidate]:
    spans = [
        (use, use.at, uses[i + 1].at if i + 1 < len(uses) else facts.machine.window.end) for i, use in enumerate(uses)
    ]
    levels = [(use, _level(facts, found, start, end), start, end) for use, start, end in spans]
    known = [(use, level, start, end) for use, level, start, end in levels if level is not None]
    for use, level, start, end in known:
        others = [other for o, other, _, _ in known if o.lot != use.lot]
        touches = start < facts.loss.end and end > facts.loss.start
        if level is None or len(others) < 2 or not touches:
            continue
        usual = sorted(o for o in others if o is not None)[len(others) // 2]
        worst = level >= TWICE * max(usual, 1e-9)
        blocked = any(lot.lot == use.lot and lot.status == "blocked" for lot in facts.lots_known)
        if worst and _steps(facts, found, start) and (blocked or not _goes_on(facts, found, end, level)):
            yield _candidate(facts, use, level / max(usual, 1e-9), start, end)


def _level(facts: CauseFacts, found: Sequence[ShiftTally], start: datetime, end: datetime) -> float | None:
    """The mean of the shifts that lie mostly in a lot's use."""
    inside = [t for t in found if start <= t.shift.start + timedelta(hours=4) < end]
    return sum(measure(facts.loss, t) for t in inside) / len(inside) if inside else None


def _steps(facts: CauseFacts, found: Sequence[ShiftTally], start: datetime) -> bool:
    """Whether it rose with the lot's first use: wear that grows was there in the shifts before."""
    before = [measure(facts.loss, t) for t in found if t.shift.end <= start + timedelta(hours=4)][-3:]
    after = [measure(facts.loss, t) for t in found if t.shift.start + timedelta(hours=4) > start][:3]
    return bool(before and after) and sum(after) / len(after) >= TWICE * max(sum(before) / len(before), 1e-9)


def _goes_on(facts: CauseFacts, found: Sequence[ShiftTally], end: datetime, level: float) -> bool:
    """Whether it is as bad with the next lot: then it was not this one."""
    after = [measure(facts.loss, t) for t in found if t.shift.start + timedelta(hours=4) >= end][:2]
    return bool(after) and sum(after) / len(after) >= 0.6 * level


def _candidate(facts: CauseFacts, use: LotUse, times: float, start: datetime, end: datetime) -> Candidate:
    lot = next((lot for lot in facts.lots_known if lot.lot == use.lot), None)
    blocked = lot is not None and lot.status == "blocked"
    supplier = f" ({lot.supplier})" if lot and lot.supplier else ""
    ended = facts.loss.end <= end + timedelta(hours=8)
    evidence = [
        Evidence(
            f"while lot {use.lot} was in use ({day(facts, start)} to {day(facts, end)}) it was {times:.1f} times "
            "as bad as with other lots",
            (f"stock_move:{use.id}",),
        )
    ]
    if blocked and lot:
        evidence.append(Evidence(f"lot {use.lot} was blocked by the warehouse", (f"material_lot:{lot.id}",)))
    near = abs(facts.loss.start - start) <= timedelta(hours=9)
    if near:
        evidence.append(Evidence(f"the loss began within a shift of its first use at {day(facts, start)}"))
    return Candidate(
        kind="material_lot",
        subject=f"{use.material} lot {use.lot}{supplier}",
        equipment=facts.loss.equipment,
        score=min(0.95, 0.55 + 0.05 * min(times, 4) + 0.1 * near + 0.1 * ended + 0.15 * blocked),
        evidence=tuple(evidence),
        refuted_by="the same loss with another lot",
        measure_next=f"Run another lot of {use.material} for an hour and compare; keep samples of {use.lot}.",
        since=start,
    )


cause = Cause("material_lot", "A lot of material", find)
