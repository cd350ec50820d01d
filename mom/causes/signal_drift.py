"""A measured quantity of the machine moved away from where it mostly is, before or while the loss grew."""

from collections.abc import Iterator

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, Repair
from mom.causes.laboratory import laboratory_moved
from mom.causes.onset import Level, drift
from mom.causes.words import about, moved, parts_named
from mom.facts import Series

NOT_LOOKED_AT = ("speed",)
"""What follows from the loss itself: a machine that stops often is slow on the average."""


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Signals that lie at least four usual spreads off in the time of the loss."""
    if facts.loss.kind in ("set_up", "start_up", "reduced_speed"):
        return
    for series in facts.machine.signals.values():
        if not series.name.casefold().endswith(NOT_LOOKED_AT) and "speed" not in series.tag.casefold():
            level = drift(series, facts.loss.start, facts.loss.end)
            if level is not None:
                yield _candidate(facts, series, level)


def _candidate(facts: CauseFacts, series: Series, level: Level) -> Candidate:
    name = facts.machine.machine.name
    repairs = [
        r for r in facts.repairs if r.equipment == facts.loss.equipment and about(f"{r.title} {r.text}", series.name)
    ]
    part = next((r.part for r in reversed(repairs) if r.part), "") or parts_named(facts, repairs)
    way = "fell" if level.after < level.before else "rose"
    said = moved(facts, series, level)
    evidence = [Evidence(said, (f"signal:{series.tag}",)), *_range(series, level), *_last_time(repairs, series.name)]
    before = level.since <= facts.loss.end
    if facts.loss.kind in ("breakdown", "unclassified") and not _speaks(facts, series, repairs):
        before = False  # one stop among many: that the signal lies off may be of no account to it
    lab = laboratory_moved(facts)
    against: tuple[Evidence, ...] = ()
    if lab is not None and lab[0]:
        evidence.append(Evidence("the laboratory's samples of that time moved too"))
    elif lab is not None and facts.loss.kind == "scrap":
        against = (Evidence("the laboratory's samples did not move: the sensor may be wrong"),)
    score = min(
        0.92 if before else 0.45, 0.55 + 0.02 * min(10.0, abs(level.size)) + (0.15 if repairs else 0.0) + 0.05 * before
    )
    return Candidate(
        kind="signal_drift",
        subject=f"{part + ' of ' if part else ''}{name}: {series.name} {way}",
        equipment=facts.loss.equipment,
        score=score - 0.2 * len(against),
        evidence=tuple(evidence),
        against=against,
        refuted_by=f"{series.name} back at {level.before:.3g} {series.unit} while the loss goes on",
        measure_next=f"Check {part or 'the ' + name.lower()} and measure {series.name} by hand.",
        since=level.since,
        part=part,
    )


def _speaks(facts: CauseFacts, series: Series, repairs: list[Repair]) -> bool:
    """Whether the stop's reason has to do with the signal: by its words, or those of a repair that speaks of both."""
    told = " ".join([series.name, *(f"{repair.title} {repair.text}" for repair in repairs)])
    return bool(facts.loss.reason) and about(told, facts.loss.reason)


def _range(series: Series, level: Level) -> list[Evidence]:
    low, high = series.low, series.high
    if (low is not None and level.after < low) or (high is not None and level.after > high):
        return [Evidence(f"that is outside its normal range {low:g} to {high:g} {series.unit}")] if low and high else []
    return []


def _last_time(repairs: list[Repair], signal: str) -> list[Evidence]:
    if not repairs:
        return []
    last = repairs[-1]
    return [
        Evidence(f"a repair before speaks of {signal}: {last.number}, {last.title}", (f"maintenance_order:{last.id}",))
    ]


cause = Cause("signal_drift", "A signal that moved before", find)
