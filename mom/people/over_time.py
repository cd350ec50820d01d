"""Which crews may be shown when: what a crew's figures of two times tell of who joined or left between them is guarded too.

A crew that changed by fewer people than the least group would tell of these by the difference. So from such a change on it
is not shown, until it differs from every group shown in the year before by enough people, or by none. What was shown once
stays shown: else the answer of today and that of a year ago would tell together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mom.facts import Window
from mom.people.groups import Shown, shown_groups

MEMORY = timedelta(days=365)
"""Over a longer time so much else changes that a difference is no person's."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a crew from `since` until `until`, in the plant's time zone; None: always, or still."""

    person: str
    crew: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which no crew changed. None: without beginning, or without end. `why`: crew -> why it is not shown."""

    start: datetime | None
    end: datetime | None
    people: Mapping[str, frozenset[str]]
    shown: tuple[str, ...]
    why: Mapping[str, str]

    def touches(self, window: Window) -> bool:
        return (self.start is None or self.start < window.end) and (self.end is None or self.end > window.start)


def stretches(members: Sequence[Member], crews: Collection[str], least: int) -> list[Stretch]:
    """In order of time."""
    members = joined(members)
    changes = sorted({at for member in members for at in (member.since, member.until) if at is not None})
    found: list[Stretch] = []
    for start, end in zip([None, *changes], [*changes, None], strict=True):
        people = {crew: _in(members, crew, start) for crew in crews}
        held = {crew: why for crew in crews if (why := _tells(crew, people[crew], start, found, least))}
        shown = shown_groups(people, least, held)
        found.append(Stretch(start, end, people, shown.groups, shown.withheld))
    return found


def joined(members: Sequence[Member]) -> list[Member]:
    """Times of one person in one crew that meet as one: a new e-mail address is no change of a crew."""
    found: dict[tuple[str, str], list[Member]] = {}
    for member in sorted(members, key=lambda m: (m.since is not None, m.since and m.since.timestamp())):
        if member.since and member.until and member.until <= member.since:
            continue
        mine = found.setdefault((member.person, member.crew), [])
        last = mine[-1] if mine else None
        if last and (last.until is None or member.since is None or member.since <= last.until):
            until = None if last.until is None or member.until is None else max(last.until, member.until)
            mine[-1] = Member(member.person, member.crew, last.since, until)
        else:
            mine.append(member)
    return [member for mine in found.values() for member in mine]


def shown_in(found: Sequence[Stretch], crews: Collection[str], window: Window) -> Shown:
    """Crews that may be shown over a window: those shown in each stretch of it. The others with why, and when they are."""
    withheld: dict[str, str] = {}
    for crew in crews:
        for stretch in found:
            if stretch.touches(window) and crew not in stretch.shown:
                when = "" if len(found) == 1 else _when(found, crew)
                withheld[crew] = stretch.why.get(crew, f"there is no crew {crew}") + when
                break
    return Shown(tuple(crew for crew in crews if crew not in withheld), withheld)


def _in(members: Sequence[Member], crew: str, at: datetime | None) -> frozenset[str]:
    """Who is in a crew from a moment on; None: before all."""
    return frozenset(
        member.person
        for member in members
        if member.crew == crew
        and (member.since is None or (at is not None and member.since <= at))
        and (member.until is None or at is None or at < member.until)
    )


def _tells(
    crew: str, people: frozenset[str], start: datetime | None, before: Sequence[Stretch], least: int
) -> str | None:
    for stretch in before:
        if start is not None and stretch.end is not None and stretch.end + MEMORY < start:
            continue
        for other in stretch.shown:
            changed = len(people ^ stretch.people[other])
            if 0 < changed < least:
                since = f" since {start:%Y-%m-%d}" if start else ""
                return (
                    f"group {crew} is not shown{since}: it differs by {_some(changed)} from what was shown before,"
                    f" and the difference would be {'theirs' if changed > 1 else 'that person' + chr(39) + 's'}"
                )
    return None


def _when(found: Sequence[Stretch], crew: str) -> str:
    shown = [stretch for stretch in found if crew in stretch.shown]
    said = [" ".join(filter(None, (_from(stretch.start), _until(stretch.end)))) for stretch in shown]
    return f" (it is shown {', '.join(said)})" if said else ""


def _from(at: datetime | None) -> str:
    return f"from {at:%Y-%m-%d}" if at else ""


def _until(at: datetime | None) -> str:
    return f"until {at:%Y-%m-%d}" if at else ""


def _some(number: int) -> str:
    return "one person" if number == 1 else f"{number} people"
