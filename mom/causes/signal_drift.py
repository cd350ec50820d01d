"""A measured quantity of the machine moved away from where it mostly is, before or while the loss grew."""

from collections.abc import Iterator

import numpy as np

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence, Repair
from mom.causes.contrast import dose
from mom.causes.held import onset
from mom.causes.laboratory import laboratory_moved
from mom.causes.level import FAR, Level, drift, on_course
from mom.causes.load import while_running
from mom.causes.surroundings import ambient
from mom.causes.words import about, moved, parts_named
from mom.facts import Series

NOT_LOOKED_AT = ("speed",)
"""What follows from the loss itself: a machine that stops often is slow on the average."""
EVENTS = ("breakdown", "unclassified")
OWN = 1.0
"""The signal that a drift's own row tells of: the rule held it against its norm at that time of day, which is sharper."""


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Signals that lie at least four usual spreads off in the time of the loss."""
    if facts.loss.kind in ("set_up", "start_up"):
        return
    looked = [while_running(s, facts.machine) for s in facts.machine.signals.values() if is_looked_at(s)]
    for series in looked:
        end = facts.start if facts.loss.kind in EVENTS else facts.end  # what came after a stop tells nothing of it
        own = facts.loss.kind == "drift" and series.tag == facts.loss.figures.get("tag")
        level = drift(series, facts.start, end, ambient(facts), OWN if own else FAR)
        lab = laboratory_moved(facts, series.name)
        if facts.loss.kind == "scrap" and lab is not None and not lab[0]:
            continue  # the quantity itself did not move: lying_sensor.py
        if level is not None:
            yield _candidate(facts, series, level, len(looked), laboratory=lab is not None)


def is_looked_at(series: Series) -> bool:
    return not series.name.casefold().endswith(NOT_LOOKED_AT) and "speed" not in series.tag.casefold()


def _candidate(facts: CauseFacts, series: Series, level: Level, looked: int, *, laboratory: bool) -> Candidate:
    name = facts.machine.machine.name
    repairs = [
        r for r in facts.repairs if r.equipment == facts.loss.equipment and about(f"{r.title} {r.text}", series.name)
    ]
    part = next((r.part for r in reversed(repairs) if r.part), "") or parts_named(facts, repairs)
    way = "fell" if level.after < level.before else "rose"
    evidence = [
        Evidence(moved(facts, series, level), (f"signal:{series.tag}",)),
        *_seldom(level),
        *_range(series, level),
        *_last_time(repairs, series.name),
    ]
    against = _often(level)
    if laboratory and facts.loss.kind == "scrap":
        evidence.append(Evidence("the laboratory's samples of that time moved too"))
    if level.since > facts.start and facts.loss.kind in EVENTS:
        against = (*against, Evidence("it moved after the loss had begun: it may follow from it"))
    return Candidate(
        kind="signal_drift",
        subject=f"{part + ' of ' if part else ''}{name}: {series.name} {way}",
        equipment=facts.loss.equipment,
        evidence=tuple(evidence),
        against=against,
        refuted_by=f"{series.name} back at {level.before:.3g} {series.unit} while the loss goes on",
        measure_next=f"Check {part or 'the ' + name.lower()} and measure {series.name} by hand.",
        since=level.since,
        part=part,
        thing=series.tag,
        signs=_signs(facts, series, level, looked)
        | {
            "speaks": float(_speaks(facts, series, repairs)),
            "repaired": float(bool(repairs)),
            "lab_moved": float(laboratory and facts.loss.kind == "scrap"),
            "own_row": float(facts.loss.kind == "drift" and series.tag == facts.loss.figures.get("tag")),
        },
    )


def _signs(facts: CauseFacts, series: Series, level: Level, looked: int) -> dict[str, float]:
    """How far, how seldom otherwise (by how many signals were looked at), whether before, and the loss by its level."""
    course = facts.course
    gain = dose(course, on_course(series, course)) if course is not None and facts.loss.kind not in EVENTS else 0.0
    free = facts.spell.gain if facts.spell else 0.0
    chance = min(1.0, looked * (level.seldom + 0.01))
    out = (series.low is not None and level.after < series.low) or (
        series.high is not None and level.after > series.high
    )
    rated = {"nats": abs(gain)} if course is not None and facts.loss.kind not in EVENTS else {}
    return rated | {
        "gain": min(30.0, abs(gain)) / 10,
        "fit": float(np.clip(abs(gain) / max(free, abs(gain), 1e-9), 0, 1)) if gain else 0.0,
        "size": min(20.0, abs(level.size)) / 10,
        "chance": min(2.0, -float(np.log10(chance))),
        "before": float(level.since <= facts.start),
        "onset": onset(facts, [level.since]),
        "out_of_range": float(out),
    }


def _speaks(facts: CauseFacts, series: Series, repairs: list[Repair]) -> bool:
    """Whether the stop's reason has to do with the signal: by its words, or those of a repair that speaks of both."""
    told = " ".join([series.name, *(f"{repair.title} {repair.text}" for repair in repairs)])
    return bool(facts.loss.reason) and about(told, facts.loss.reason)


def _seldom(level: Level) -> list[Evidence]:
    return [Evidence("it was not so far off at any other time")] if level.seldom == 0 else []


def _often(level: Level) -> tuple[Evidence, ...]:
    if level.seldom < 0.1:
        return ()
    return (Evidence(f"it was as far off in {100 * level.seldom:.0f} % of the other time too"),)


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
