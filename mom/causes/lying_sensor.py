"""A sensor that lies: what it reads moved, pieces are thrown out for it, and the laboratory finds them in order."""

from collections.abc import Iterator

from mom.causes.cause import Candidate, Cause, CauseFacts, Evidence
from mom.causes.laboratory import laboratory_moved
from mom.causes.level import drift
from mom.causes.load import while_running
from mom.causes.signal_drift import is_looked_at
from mom.causes.surroundings import ambient
from mom.causes.words import day


def find(facts: CauseFacts) -> Iterator[Candidate]:
    """Scrap at a machine whose own signal drifted while nothing moved in the laboratory."""
    if facts.loss.kind != "scrap":
        return
    looked = [while_running(s, facts.machine) for s in facts.machine.signals.values() if is_looked_at(s)]
    for series in looked:
        level = drift(series, facts.start, facts.end, ambient(facts))
        lab = laboratory_moved(facts, series.name)
        if level is None or lab is None or lab[0]:
            continue
        samples = lab[1]
        passed = [i for i in samples if i.passed]
        readings = f"{series.name} reads {level.after:.3g} {series.unit} instead of {level.before:.3g}"
        moved = f"{readings} since {day(facts, level.since)}"
        refs = tuple(f"inspection_result:{i.id}" for i in passed[-5:])
        yield Candidate(
            kind="lying_sensor",
            subject=f"{facts.machine.machine.name}: the sensor of {series.name} reads wrong",
            equipment=facts.loss.equipment,
            evidence=(
                Evidence(moved, (f"signal:{series.tag}",)),
                Evidence(
                    f"{len(passed)} of {len(samples)} laboratory samples of that time are in order, and none moved",
                    refs,
                ),
            ),
            refuted_by="a laboratory sample that fails, or a gauge that agrees with the sensor",
            measure_next=f"Check the sensor of {series.name} with a gauge, and a thrown-out piece by hand.",
            since=level.since,
            part=f"{_short(series.name)} sensor",
            thing=series.tag,
            signs={"size": min(20.0, abs(level.size)) / 10, "samples": min(1.0, len(samples) / 24)},
        )


def _short(name: str) -> str:
    """`fill level below the rim` → `level`."""
    telling = ("level", "torque", "pressure", "temperature", "weight", "flow")
    return next((word for word in telling if word in name.casefold()), name)


cause = Cause("lying_sensor", "A sensor that lies", find)
