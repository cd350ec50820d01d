"""How long after the first reading that could tell a trouble its rule tells it: every rule, over the passes that the worker
makes.

The facts of a drawn plant are cut to what was known at a moment, means and norms too, and the rules are asked as the worker
asks them: at each change of a state on the line, at each minute that has counts, at each five minutes of means, by the
clock while a change-over lasts; each time a second after it, which is what readings take to be looked at. The first
pass at which one of the rules of a trouble tells of it is when people would have had its row. Where a row of the same
trouble was there already (an ordinary pattern that the trouble goes along with) nothing is measured.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from evals.drawn import Built
from mom.facts import Facts, ShiftSpan, Span, Window
from mom.history.keep_up import CHANGING_EVERY
from mom.history.readings import micros
from mom.history.values import MINUTE, Means
from mom.losses.cut import Cutter
from mom.losses.find import rules, worked
from mom.losses.gathered import courses_of, gathered
from mom.losses.loss import Finding
from mom.measured import Measured
from mom.store.facts import scene_of
from mom.store.plants import Layout, layout_of

SLOT = 5 * MINUTE
PASS = timedelta(seconds=1)
"""From a reading to the pass that looks at it (`evals/finding/delay.py` measures it)."""
CHANGING = timedelta(seconds=CHANGING_EVERY)
PATIENCE = timedelta(hours=10)
"""After that nobody waits for it any more."""
Truth = Mapping[str, Any]
S = TypeVar("S", bound=Span)


@dataclass(frozen=True)
class Lag:
    """`seconds` from the telling moment to the pass at which `rule` told."""

    rule: str
    trouble: str
    seconds: float


@dataclass(frozen=True)
class Known:
    """All that the store says of a drawn plant, to be cut to moments."""

    layout: Layout
    facts: Mapping[str, Facts]
    shifts: Sequence[ShiftSpan]


async def known_of(session: AsyncSession, built: Built) -> Known:
    layout = await layout_of(session, built.site_id)
    window = Window(built.drawn.start, built.drawn.now)
    lines = [path for path in layout.machines if layout.units(path) and layout.constraint(path)]
    machines = {machine.path for line in lines for machine in layout.flow(line)}
    paths = [*lines, *sorted(machines.difference(lines))]
    scene = await scene_of(session, layout, window, built.drawn.now, only=paths, fine=True)
    known = await gathered(session, scene, paths, measures=True)
    return Known(layout, known, worked(layout, window))


def lags_of(known: Known, asked: Sequence[Truth]) -> list[Lag]:
    """Of each trouble that could be told; those that no rule tells within PATIENCE are left out: recall counts them."""
    return [lag for one in asked if (lag := _lag(known, one)) is not None]


def _lag(known: Known, one: Truth) -> Lag | None:
    places = _places(known, one)
    passes = _passes(known, places, one["telling"])
    before = {(f.key, f.start) for rule in one["loss"] for f in told(known, places, rule, one["from"], one)}
    found: list[tuple[datetime, str]] = []
    for rule in one["loss"]:
        first = first_pass(partial(_tells, known, places, rule, one, before), passes)
        if first is not None:
            found.append((first, rule))
    at, rule = min(found, default=(None, ""))
    return None if at is None else Lag(rule, one["trouble"], (at - one["telling"]).total_seconds())


def _tells(
    known: Known, places: Sequence[str], rule: str, one: Truth, before: Collection[tuple[str, datetime]], at: datetime
) -> bool:
    """Whether a rule tells of a trouble at a moment what it did not tell `before`."""
    found = told(known, places, rule, at, one)
    return any((finding.key, finding.start) not in before for finding in found)


def first_pass(tells: Callable[[datetime], bool], passes: Sequence[datetime]) -> datetime | None:
    """The first pass that tells: looked for in steps that double, then between the last two."""
    last, step = -1, 1
    while last + step < len(passes) and not tells(passes[last + step]):
        last, step = last + step, 2 * step
    high = min(last + step, len(passes) - 1)
    if high <= last or not tells(passes[high]):
        return None
    low = last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if tells(passes[middle]) else (middle, high)
    return passes[high]


def _places(known: Known, one: Truth) -> list[str]:
    """Where its row may be: its machine, of a line's trouble the line and its machines; a silence at the line above it."""
    where = f"{known.layout.site.code}/{one['equipment']}"
    if where in known.layout.machines and known.layout.units(where):
        return [path for path in (where, *(m.path for m in known.layout.flow(where))) if path in known.facts]
    above = [where.rpartition("/")[0]] if "link_silent" in one["loss"] else []
    return [path for path in (where, *above) if path in known.facts]


def _passes(known: Known, places: Sequence[str], since: datetime) -> list[datetime]:
    """When the worker looks at the lines of these places, up to PATIENCE after `since`."""
    until = since + PATIENCE
    lines = {line for path in places for line in known.layout.lines_of(path)}
    near = [known.facts[m.path] for line in sorted(lines) for m in known.layout.flow(line) if m.path in known.facts]
    heard = [at for facts in near for at in _heard(facts)]
    five = timedelta(minutes=5)
    first = since - (since - datetime.fromisoformat("1970-01-01T00:00:00+00:00")) % five
    heard += [first + number * five for number in range(PATIENCE // five)]
    return sorted({at + PASS for at in heard if since <= at + PASS < until})


def _heard(facts: Facts) -> Iterator[datetime]:
    """When something is heard of a machine that makes the worker look; a change-over that lasts it looks at by the clock."""
    yield from (count.end for count in facts.counts)
    yield from (silence.start for silence in facts.silences)
    for state in facts.states:
        yield state.start
        if state.mode == "set_up":
            yield from (
                state.start + number * CHANGING for number in range(1, (state.end - state.start) // CHANGING + 1)
            )


def told(known: Known, places: Sequence[str], rule: str, at: datetime, one: Truth) -> list[Finding]:
    """What a rule tells at a moment of these places, as far as it may be of this trouble."""
    shift = next((s for s in reversed(known.shifts) if s.start <= at), None)
    if shift is None or rule not in rules():
        return []
    window = Window(shift.start, min(shift.end, at))
    if window.seconds <= 0:
        return []
    looked = (known.facts[path] for path in places if known.layout.units(path) == [] or rules()[rule].of_lines)
    found = (finding for facts in looked for finding in rules()[rule].find(as_of(known, facts, window, at)))
    return [finding for finding in found if _fits(finding, one, at)]


def _fits(finding: Finding, one: Truth, at: datetime) -> bool:
    if one["stops"] and finding.kind in ("breakdown", "unclassified"):
        return any(start - timedelta(minutes=2) <= finding.start <= end for start, end in one["stops"])
    began: datetime = one["from"]
    return (finding.end or at) > began


def as_of(known: Known, facts: Facts, window: Window, at: datetime) -> Facts:
    """What was known at a moment: nothing that began later, and what ended later still on."""
    cut = Cutter(facts).cut(window)
    measured = _measured(facts, at) if facts.measured else ()
    below = {path: _measured(known.facts[path], at) for path in known.facts} if facts.measured else {}
    return replace(
        cut,
        now=at,
        states=_until(cut.states, at),
        stops=_until(cut.stops, at),
        alarms=_until(cut.alarms, at),
        runs=_until(cut.runs, at),
        silences=_until(cut.silences, at),
        counts=tuple(span for span in cut.counts if span.end <= at),
        measured=measured,
        courses=courses_of(known.layout, facts.machine.path, below, _until(facts.runs, at)),
        samples=tuple(sample for sample in facts.samples if sample.at <= at),
    )


def _until(spans: Sequence[S], at: datetime) -> tuple[S, ...]:
    return tuple(replace(s, end=at, open=True) if s.end > at else s for s in spans if s.start < at)


def _measured(facts: Facts, at: datetime) -> tuple[Measured, ...]:
    """Means of whole slots."""
    return tuple(replace(one, means=_upto(one.means, micros(at))) for one in facts.measured)


def _upto(means: Means, at: int) -> Means:
    last = bisect_right(means.at.tolist(), at - SLOT)
    return Means(**{field.name: getattr(means, field.name)[:last] for field in fields(means)})
