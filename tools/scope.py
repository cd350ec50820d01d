"""What a call is about: one piece of equipment (or all lines) and one window, resolved the same way by every tool."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field

from mom import words
from mom.errors import BadInput
from mom.facts import Machine, Window
from mom.store.equipment import find_equipment
from mom.store.plants import Layout, layout_of
from tools.moments import Moments
from tools.tool import About, Context
from tools.when import current, said

ALMOST_NOW = timedelta(seconds=1)
"""Who asks is told the time in whole seconds: an end so near is now."""
Where = Annotated[str | None, Field(description="Path, name or alias of a line or machine; none: all lines.")]
Start = Annotated[datetime | None, Field(description="ISO 8601; without a zone it is plant time; none: this shift.")]
End = Annotated[datetime | None, Field(description="ISO 8601, not included; none: now.")]


@dataclass(frozen=True, slots=True)
class Scope:
    """`machine` is None where all lines are meant."""

    layout: Layout
    machine: Machine | None
    window: Window
    label: str

    @property
    def path(self) -> str:
        """Of the equipment, or of the site for all lines."""
        return self.machine.path if self.machine else self.layout.site.code

    @property
    def name(self) -> str:
        return self.machine.name if self.machine else "all lines"

    @property
    def about(self) -> About:
        path = self.machine.path if self.machine else None
        return About(path, self.name if path else None, self.window.start, self.window.end, self.label)

    @property
    def place(self) -> About | None:
        """For what has no window: the equipment alone."""
        return About(self.machine.path, self.name) if self.machine else None

    def query(self, noun: str) -> str:
        """The path under /api/v1 that returns the rows again."""
        span = f"from={_url(self.window.start)}&to={_url(self.window.end)}"
        return f"/api/v1/rows/{noun}?equipment={self.path}&{span}"

    def inside(self) -> list[str]:
        """Paths of the equipment and of all below it."""
        return [path for path in self.layout.machines if f"{path}/".startswith(f"{self.path}/")]

    def ids(self) -> list[int]:
        return [self.layout.machines[path].id for path in self.inside()]


async def scope(
    context: Context, where: str | None, start: datetime | None = None, end: datetime | None = None
) -> Scope:
    """Raises NotFound and BadInput, worded for whoever asked."""
    layout = await layout_of(context.read, context.site_id)
    machine = None
    if where and where.strip("/") != layout.site.code:
        node = await find_equipment(context.read, where, context.site_id)
        machine = layout.machines[node.path]
    window, label = window_of(context, layout, start, end)
    return Scope(layout, machine, window, label)


def moments_of(context: Context, layout: Layout) -> Moments:
    return Moments(context.now, layout.zone, layout.plant.calendar if layout.plant else None)


def window_of(context: Context, layout: Layout, start: datetime | None, end: datetime | None) -> tuple[Window, str]:
    """The window up to now, and how it is said. Without a start: the running shift."""
    moments = moments_of(context, layout)
    if start is None and end is None:
        when = current(moments)
        return when.window, when.label
    first = _aware(start, layout) if start else current(moments).window.start
    last = min(_aware(end, layout), context.now) if end else context.now
    last = context.now if context.now - last < ALMOST_NOW else last
    if first >= last:
        raise BadInput(
            f"The window {_local(first, layout)} to {_local(last, layout)} is empty or not yet past.",
            remedy=f"It is {_local(context.now, layout)}: give an earlier start.",
        )
    window = Window(first, last)
    return window, said(_name(moments, window), window, moments)


def _name(moments: Moments, window: Window) -> str:
    """A window that is a shift, a day or a week is called so."""
    for shift in moments.shifts(window):
        if shift.start == window.start and (shift.end == window.end or (window.end == moments.now < shift.end)):
            return f"{shift.name} shift"
    for back, name in ((0, "this week"), (1, "last week")):
        if moments.until_now(moments.week(back)) == window:
            return name
    day = moments.days(window.start.astimezone(moments.zone).date())
    if moments.until_now(day) != window:
        return ""
    local = window.start.astimezone(moments.zone)
    near = {0: "today", 1: "yesterday"}
    return near.get((moments.today - local.date()).days, f"{local:%A} {local.day} {local:%B}")


def lines_of(layout: Layout) -> list[Machine]:
    """The production lines: work centres with machines below them; where none has any, all work centres."""
    centers = [machine for machine in layout.machines.values() if machine.level == "work_center"]
    return [line for line in centers if layout.units(line.path)] or centers


def told(at: datetime | None, context: Context) -> str | None:
    """A moment in the plant's own words."""
    return words.time_of(at, context.now, context.zone) if at else None


def local(at: datetime | None, context: Context) -> str | None:
    """A moment as ISO 8601 with the plant's offset."""
    return at.astimezone(context.zone).isoformat(timespec="seconds") if at else None


def _aware(at: datetime, layout: Layout) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=layout.zone)).astimezone(UTC)


def _local(at: datetime, layout: Layout) -> str:
    return f"{at.astimezone(layout.zone):%Y-%m-%d %H:%M}"


def _url(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
