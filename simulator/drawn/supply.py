"""Which lot of material and which tool is on at a machine, and when it is changed: fixed by the seed."""

from __future__ import annotations

from bisect import bisect_right

from simulator.drawn.calendar import HOUR, Calendar
from simulator.drawn.effects import Move
from simulator.drawn.layout import Layout, UnitPlan
from simulator.plant.streams import Streams

TOOLS = 3
TOOL = "tool"
SUPPLIERS = ("Kapsel AG", "Wellpappe Linz", "Nordform", "Etikett Huber", "Granulat Süd", "Hallstatt Metall")


class Supply:
    """`moves`: by machine and material, in order of time; the first is there before the start."""

    def __init__(self, layout: Layout, calendar: Calendar) -> None:
        self.moves: dict[tuple[str, str], list[Move]] = {}
        streams = Streams(layout.seed)
        for unit in layout.units:
            if unit.kind.material:
                self.moves[unit.path, unit.kind.material] = self._lots(unit, streams, calendar.seconds)
            if unit.kind.tools:
                self.moves[unit.path, TOOL] = self._tools(unit, streams, calendar.seconds)

    def _lots(self, unit: UnitPlan, streams: Streams, seconds: float) -> list[Move]:
        draw = streams.of("lots", unit.path)
        number, at, found = draw.randrange(1000, 9000), -draw.uniform(0, 4) * HOUR, []
        prefix = f"{unit.kind.material[:2].upper()}{unit.path[5:6]}{unit.path.rpartition('m')[2]}"
        while at < seconds:
            found.append(Move(unit.path, unit.kind.material, f"{prefix}-{number}", at))
            number, at = number + draw.randint(1, 9), at + draw.uniform(4.0, 10.0) * HOUR
        return found

    def _tools(self, unit: UnitPlan, streams: Streams, seconds: float) -> list[Move]:
        draw = streams.of("tools", unit.path)
        tool, at, found = draw.randrange(TOOLS), -HOUR, []
        while at < seconds:
            found.append(Move(unit.path, TOOL, f"{unit.path.rpartition('/')[2].upper()}-T{tool + 1}", at))
            tool, at = (tool + draw.randint(1, TOOLS - 1)) % TOOLS, at + draw.uniform(5.0, 12.0) * HOUR
        return found

    def spans(self, unit: str, material: str, seconds: float) -> list[tuple[str, float, float]]:
        """(lot, from, to)."""
        moves = self.moves.get((unit, material), [])
        ends = [*(move.at for move in moves[1:]), seconds]
        return [(move.lot, max(0.0, move.at), end) for move, end in zip(moves, ends, strict=True)]

    def at(self, unit: str, material: str, at: float) -> str:
        moves = self.moves.get((unit, material), [])
        index = bisect_right([move.at for move in moves], at) - 1
        return moves[index].lot if index >= 0 else ""
