"""The facts of a scene, with what rules about conditions look at beside: means over days, silences, samples, names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Facts, RunSpan, Window
from mom.losses.course import course_of, energy_course
from mom.losses.metered_below import without_below
from mom.losses.norm import Course
from mom.losses.own_best import binds
from mom.measured import Measured
from mom.store.conditions import said_as, samples_in, silences_in
from mom.store.facts import Scene
from mom.store.means import means_in
from mom.store.own_best import own_best_in
from mom.store.plants import Layout
from mom.store.states import runs_in

LEARNED = timedelta(days=7)
"""So long before the scene means are looked at: norms are learned there."""


async def gathered(session: AsyncSession, scene: Scene, paths: Collection[str], *, measures: bool) -> dict[str, Facts]:
    """By path. Without `measures` no means, and no samples beside them."""
    layout = scene.layout
    silences = await silences_in(session, layout, scene.window, scene.now)
    unnamed = {f.machine.id: path for path, f in scene.facts.items() if any(s.reason_by == "alarm" for s in f.stops)}
    names = await said_as(session, unnamed, scene.window) if unnamed else {}
    lines = {line for path in paths for line in layout.lines_of(path)}
    first = {machine.path for line in lines for machine in layout.first(line)}
    last = {machine.path for line in lines for machine in layout.last(line)}
    found = {
        path: replace(
            scene.facts[path],
            silences=silences.get(path, ()),
            said_as=names.get(path, {}),
            is_first=path in first,
            is_last=path in last,
        )
        for path in paths
    }
    return await _measured(session, scene, found) if measures else found


async def _measured(session: AsyncSession, scene: Scene, found: Mapping[str, Facts]) -> dict[str, Facts]:
    day = scene.window.start.replace(hour=0, minute=0, second=0, microsecond=0)
    window = Window(day - LEARNED, scene.window.end)
    hang = {facts.machine.id: path for path, facts in found.items() if binds(facts)}
    best = await own_best_in(session, hang, day)
    lines = {scene.layout.machines[line].id: line for line in {facts.machine.line for facts in found.values()}}
    runs = await runs_in(session, lines, window, scene.now)
    means = await means_in(session, {facts.machine.id: path for path, facts in found.items()}, window)
    samples = await samples_in(session, scene.layout, list(found), window)
    return {
        path: replace(
            facts,
            measured=means.get(path, ()),
            courses=courses_of(scene.layout, path, means, runs.get(facts.machine.line, ())),
            samples=samples.get(path, ()),
            own_best=best.get(path, {}),
        )
        for path, facts in found.items()
    }


def courses_of(
    layout: Layout, path: str, means: Mapping[str, Sequence[Measured]], runs: Sequence[RunSpan]
) -> dict[str, Course]:
    """By tag: how what is measured at `path` went against its norm. `means`: by path; `runs`: of its line, over the same
    days."""
    drawing = [means[unit] for unit in _drawing(layout, path) if means.get(unit)]
    found = {one.tag: _course(one, drawing, runs) for one in means.get(path, ()) if one.meaning != "speed"}
    below = [
        _course(one, [means[unit.path]], runs)
        for unit in layout.units(path)
        for one in means.get(unit.path, ())
        if one.meaning == "energy"
    ]
    energy = {one.tag for one in means.get(path, ()) if one.meaning == "energy"}
    return {tag: without_below(course, below) if tag in energy else course for tag, course in found.items()}


def _drawing(layout: Layout, path: str) -> list[str]:
    """The machines that draw from a meter at `path`: a line's own, else itself."""
    return [unit.path for unit in layout.units(path)] or [path]


def _course(measured: Measured, units: Sequence[Sequence[Measured]], runs: Sequence[RunSpan]) -> Course:
    """`units`: what is measured at the machines that draw from it, which tells when they ran."""
    if measured.meaning == "energy":
        return energy_course(measured.means, [some[0].means for some in units], runs)
    return course_of(measured.means, runs)
