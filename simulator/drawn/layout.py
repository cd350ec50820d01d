"""What a seed draws: lines of stages, units that stand side by side in one, buffers, products, shifts, prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from simulator.drawn.kinds import ORDER, Kind, kinds
from simulator.plant.streams import Streams

MOST_MACHINES = 14
SHIFTS = {
    1: (("day", 6, 22),),
    2: (("early", 6, 14), ("late", 14, 22)),
    3: (("early", 6, 14), ("late", 14, 22), ("night", 22, 6)),
}


@dataclass(frozen=True)
class Product:
    """`rate`: pieces per minute of its line's slowest stage; `pace`: share of each unit's own speed, by path."""

    id: str
    name: str
    code: int
    line: str
    margin: float
    material_cost: float
    pace: dict[str, float]


@dataclass(frozen=True)
class UnitPlan:
    """A machine. `speed` in pieces per minute before the product's pace; kW while it runs and while it stands."""

    path: str
    name: str
    kind: Kind
    stage: int
    speed: float
    runs_kw: float
    stands_kw: float


@dataclass(frozen=True)
class LinePlan:
    """`room[i]`: pieces between stage i and the next (the last: the lane to the shared machine, if there is one)."""

    path: str
    name: str
    stages: tuple[tuple[UnitPlan, ...], ...]
    room: tuple[float, ...]
    products: tuple[Product, ...]
    bottleneck: int  # stage
    constraint: str  # the unit that the plant believes in
    load: float  # share of the time that orders are planned for; 1: there is always a next one
    set_up_minutes: float
    hour: float  # money

    @property
    def units(self) -> list[UnitPlan]:
        return [unit for stage in self.stages for unit in stage]

    def rate(self, unit: UnitPlan, product: Product) -> float:
        """Ideal pieces per minute."""
        return round(unit.speed * product.pace[unit.path], 3)


@dataclass(frozen=True)
class Layout:
    seed: int
    lines: tuple[LinePlan, ...]
    shared: UnitPlan | None
    shifts: tuple[tuple[str, int, int], ...]
    crews: tuple[str, ...]
    zone: str
    protocols: dict[str, str] = field(default_factory=dict)
    energy_kwh: float = 0.15
    late_day: float = 1000.0

    @property
    def units(self) -> list[UnitPlan]:
        return [*(unit for line in self.lines for unit in line.units), *([self.shared] if self.shared else [])]

    def line_of(self, path: str) -> LinePlan:
        """The line of a machine; of a shared one the first."""
        return next((line for line in self.lines if path.startswith(line.path)), self.lines[0])

    def unit(self, path: str) -> UnitPlan:
        return next(unit for unit in self.units if unit.path == path)


def draw_layout(seed: int) -> Layout:
    draw = Streams(seed).of("layout")
    two = draw.random() < 0.4
    is_shared = two and draw.random() < 0.65
    sizes = _sizes(draw, 2 if two else 1, MOST_MACHINES - is_shared)
    lines = tuple(_line(draw, number, size) for number, size in enumerate(sizes, 1))
    shared = None
    if is_shared:
        speed = sum(_slowest(line) for line in lines) * draw.uniform(1.12, 1.35)
        shared = UnitPlan("palletiser", "Palletiser", kinds()["palletiser"], 0, round(speed, 1), 22.0, 4.0)
    shifts = SHIFTS[draw.choice((2, 3, 3, 3))]
    crews = ("A", "B", "C", "D")[: draw.choice((3, 3, 4))]
    protocols = {line.path: draw.choice(("modbus", "opcua")) for line in lines} | {"palletiser": "modbus"}
    zone = draw.choice(("UTC", "Europe/Vienna", "America/Chicago"))
    return Layout(
        seed,
        lines,
        shared,
        shifts,
        crews,
        zone,
        protocols,
        round(draw.uniform(0.1, 0.3), 3),
        round(draw.uniform(300, 1500), -1),
    )


def _sizes(draw: Random, lines: int, most: int) -> list[list[int]]:
    """For each line, how many units stand in each of its stages."""
    found = []
    for _ in range(lines):
        stages = draw.randint(3, 9 if lines == 1 else 5)
        units = [1] * stages
        if draw.random() < 0.4:
            units[draw.randrange(stages)] = draw.choice((2, 2, 3))
        found.append(units)
    while sum(map(sum, found)) > most:
        longest = max(found, key=sum)
        longest[longest.index(max(longest))] -= 1
    return found


def _line(draw: Random, number: int, sizes: list[int]) -> LinePlan:
    path = f"line-{number}"
    chosen = sorted(draw.sample(range(len(ORDER)), min(len(sizes), len(ORDER))))
    pace = round(10 ** draw.uniform(1.3, 2.5), 1)
    slowest = draw.randrange(len(sizes))
    stages, count = [], 0
    for index, units in enumerate(sizes):
        kind = kinds()[ORDER[chosen[index]]]
        ahead = 1.0 if index == slowest else 1.05 + draw.uniform(0.02, 0.12) + 0.03 * abs(index - slowest)
        each = round(pace * ahead / units, 2)
        made = []
        for unit in range(units):
            count += 1
            name = f"{kind.name.title()} {number}" + ("abc"[unit] if units > 1 else "")
            runs = round(draw.uniform(4, 40), 1)
            made.append(
                UnitPlan(f"{path}/m{count}", name, kind, index, each, runs, round(runs * draw.uniform(0.1, 0.3), 1))
            )
        stages.append(tuple(made))
    room = tuple(float(round(pace * draw.uniform(1.5, 7.0))) for _ in sizes)
    products = _products(draw, path, number, stages, pace, slowest)
    return LinePlan(
        path, f"Line {number}", tuple(stages), room, products, slowest, _constraint(draw, stages, slowest),
        1.0 if draw.random() < 0.75 else draw.uniform(0.75, 0.9), round(draw.uniform(15, 45)), round(draw.uniform(120, 350)),
    )  # fmt: skip


def _constraint(draw: Random, stages: list[tuple[UnitPlan, ...]], slowest: int) -> str:
    """The plant's opinion: mostly right, now and then another machine; always one that stands alone in its stage."""
    alone = [index for index, units in enumerate(stages) if len(units) == 1]
    if slowest in alone and draw.random() < 0.85:
        return stages[slowest][0].path
    near = [index for index in alone if index != slowest] or [slowest]
    return stages[min(near, key=lambda index: (abs(index - slowest), index))][0].path


def _products(
    draw: Random, path: str, number: int, stages: list[tuple[UnitPlan, ...]], pace: float, slowest: int
) -> tuple[Product, ...]:
    """Margins keep close to what the time on the line is worth, as prices do."""
    hour = draw.uniform(500, 2500)
    found = []
    for index in range(draw.randint(2, 4)):
        share = 1.0 if index == 0 else round(draw.uniform(0.65, 1.0), 2)
        by_unit = {unit.path: share for stage in stages for unit in stage}
        if index and draw.random() < 0.2:  # at this product another stage is the slow one
            other = draw.choice([i for i in range(len(stages)) if i != slowest])
            by_unit |= {unit.path: round(share * 0.8, 3) for unit in stages[other]}
        margin = hour / (pace * share * 60) * draw.uniform(0.92, 1.08)
        found.append(
            Product(f"P{number}{index + 1}0", f"Product {number}-{index + 1}", 10 * number + index + 1, path,
                    round(margin, 4), round(margin * draw.uniform(0.5, 1.6), 4), by_unit)
        )  # fmt: skip
    return tuple(found)


def _slowest(line: LinePlan) -> float:
    return min(sum(unit.speed for unit in stage) for stage in line.stages)
