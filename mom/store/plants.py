"""A site's own words: its plant file as last applied, its line structure, its calendar."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mom.facts import Machine, ShiftSpan, Window
from mom.history.calendar import shifts_of
from mom.models import Equipment, Site
from mom.plant.schema import Equipment as Node
from mom.plant.schema import Plant
from mom.plant.tree import equipment_of as nodes_of
from mom.store.equipment import site_of

NODES = select(
    Equipment.id, Equipment.path, Equipment.name, Equipment.level, Equipment.position, Equipment.is_constraint,
    Equipment.ideal_rate, Equipment.buffer_after,
).where(Equipment.active).order_by(Equipment.path)  # fmt: skip
"""Parents before children. Columns, not objects: every answer begins with them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A site as rules see it. `plant` is None where records were imported and no plant file was ever applied."""

    site: Site
    plant: Plant | None
    machines: dict[str, Machine]  # by path, parents before children
    feeds: dict[str, str]  # a line -> what comes after its last machine
    _below: Mapping[str, list[Machine]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        below: dict[str, list[Machine]] = defaultdict(list)
        for machine in sorted(self.machines.values(), key=lambda m: (m.position, m.path)):
            below[machine.path.rpartition("/")[0]].append(machine)
        object.__setattr__(self, "_below", dict(below))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.site.time_zone)

    @property
    def unit(self) -> str | None:
        """What the plant makes: bottles. None where its products differ."""
        units = {product.unit for product in self.plant.products} if self.plant else set()
        return units.pop() if len(units) == 1 else None

    def shifts(self, window: Window) -> tuple[ShiftSpan, ...]:
        return shifts_of(self.plant.calendar, self.zone, window) if self.plant else ()

    def units(self, path: str) -> list[Machine]:
        """The machines directly below `path`, from upstream."""
        return list(self._below.get(path, ()))

    def constraint(self, path: str) -> Machine | None:
        """The machine whose figures are those of `path`: a line's declared constraint, a single machine itself."""
        units = self.units(path)
        if not units:
            return self.machines[path]
        return next((unit for unit in units if unit.is_constraint), None)

    def flow(self, line: str) -> list[Machine]:
        """The machines that a piece passes, those behind the line's end included."""
        after = self.machines.get(self.feeds.get(line, ""))
        return [*(self.units(line) or [self.machines[line]]), *([after] if after else [])]

    def stages(self, path: str) -> list[list[Machine]]:
        """The machines directly below `path` from upstream, those that stand side by side together."""
        found: list[list[Machine]] = []
        for unit in self.units(path):
            if found and unit.stage is not None and found[-1][0].stage == unit.stage:
                found[-1].append(unit)
            else:
                found.append([unit])
        return found

    def first(self, line: str) -> list[Machine]:
        """The machines of a line that nothing of the plant comes before."""
        if line in self.feeds.values():
            return []
        return next(iter(self.stages(line)), [self.machines[line]])

    def last(self, line: str) -> list[Machine]:
        """The machines behind which nothing of the plant comes: of a line that feeds another machine, that one."""
        after = self.feeds.get(line)
        return self.last(after) if after else (self.stages(line) or [[self.machines[line]]])[-1]

    def lines_of(self, path: str) -> list[str]:
        """The lines that a machine works for: its own; of a shared one, those that feed it."""
        feeding = [line for line, after in self.feeds.items() if after == path]
        return feeding or [self.machines[path].line]


async def layout_of(session: AsyncSession, site_id: int) -> Layout:
    """The site's layout as of now. Raises NotFound."""
    site = await site_of(session, site_id)
    plant = Plant.model_validate({**site.plant, "connectors": []}) if site.plant else None
    rows = (await session.execute(NODES.where(Equipment.site_id == site_id))).all()
    levels = {row.path: row.level for row in rows}
    nodes = {f"{site.code}/{path}": node for path, node in nodes_of(plant).items()} if plant else {}
    machines = {row.path: _machine(row, levels, nodes.get(row.path)) for row in rows}
    feeds = {f"{site.code}/{path}": f"{site.code}/{to}" for path, to in _feeds(plant.equipment if plant else ())}
    return Layout(site, plant, machines, feeds)


def _machine(row: Any, levels: dict[str, str], node: Node | None) -> Machine:
    line = row.path
    while line and levels.get(line) != "work_center":
        line = line.rpartition("/")[0]
    return Machine(
        row.id,
        row.path,
        row.name,
        row.level,
        line or row.path,
        row.position,
        row.is_constraint,
        row.ideal_rate,
        row.buffer_after,
        node.stage if node else None,
    )


def _feeds(nodes: tuple[Node, ...], parent: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for node in nodes:
        path = f"{parent}{node.id}"
        if node.feeds:
            found.append((path, node.feeds))
        found.extend(_feeds(node.units, f"{path}/"))
    return found
