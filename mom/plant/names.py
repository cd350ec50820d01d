"""Names in a plant file that point at something outside its tree: shifts, actions, reports, mapping files."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from mom.discover import discover
from mom.plant.schema import Plant
from mom.settings import ROOT
from mom.yaml_file import Loc


def name_faults(plant: Plant, paths: Collection[str], folder: Path) -> Iterator[tuple[Loc, str]]:
    """`paths`: of the equipment. `folder`: what mapping files are relative to; the product's own count too."""
    yield from _twice(plant)
    yield from _approvals(plant)
    yield from _subscriptions(plant, paths)
    yield from _acts_upon(plant)
    for s, system in enumerate(plant.systems):
        if system.mapping and not any((base / system.mapping).is_file() for base in (folder, ROOT)):
            yield (
                ("systems", s, "mapping"),
                f"system {system.id}: there is no file {folder / system.mapping}; correct the path, or leave it out",
            )


def _twice(plant: Plant) -> Iterator[tuple[Loc, str]]:
    seen: set[tuple[str, str]] = set()
    shifts = [("shift", shift.name, ("calendar", "shifts", n, "name")) for n, shift in enumerate(plant.calendar.shifts)]
    systems = [("system", system.id, ("systems", n, "id")) for n, system in enumerate(plant.systems)]
    for what, name, loc in shifts + systems:
        if (what, name) in seen:
            yield loc, f"{what} {name} stands twice; give one of them another name"
        seen.add((what, name))


def _approvals(plant: Plant) -> Iterator[tuple[Loc, str]]:
    """Checked only where there are some: to know the actions is to import them."""
    if plant.approvals:
        import mom.actions
        from mom.actions.action import Action

        actions = discover(mom.actions, Action)
        for name in plant.approvals.keys() - actions.keys():
            yield ("approvals", name), f"approvals {name!r}: there is no such action; {_hint(name, actions)}"


def _subscriptions(plant: Plant, paths: Collection[str]) -> Iterator[tuple[Loc, str]]:
    if not plant.subscriptions:
        return
    import mom.reports
    from mom.reports.report import Report

    reports = discover(mom.reports, Report)
    for s, one in enumerate(plant.subscriptions):
        if one.report not in reports:
            hint = _hint(one.report, reports)
            yield ("subscriptions", s, "report"), f"report {one.report!r}: there is no such report; {hint}"
        for line in one.lines:
            if line not in paths:
                yield ("subscriptions", s, "lines"), f"there is no equipment {line!r}; {_hint(line, paths)}"


def _acts_upon(plant: Plant) -> Iterator[tuple[Loc, str]]:
    tags = {tag.id for block in plant.connectors for tag in block.tags}
    for cause, effects in plant.acts_upon.items():
        for name in (cause, *effects):
            if name not in tags:
                yield ("acts_upon", cause), f"acts_upon {cause}: there is no tag {name!r}; {_hint(name, tags)}"


def _hint(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}"
