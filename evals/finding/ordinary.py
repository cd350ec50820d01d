"""What is ordinary on a drawn plant and truly there: stops and long change-overs that no trouble made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Row:
    id: int
    rule: str
    path: str  # below the site
    title: str
    start: datetime
    end: datetime
    alerts: bool = False  # its rule says that people should hear of it at once
    symptom: bool = False  # tied to another loss: no row of its own for who looks


class Ordinary:
    """What truly was there beside troubles: stops and change-overs, as the plant lived."""

    def __init__(self, plant: Any) -> None:
        life = plant.lived
        at = life.calendar.at
        self.start = plant.start
        self.lines = [line["id"] for line in plant.file["equipment"] if line["id"].startswith("line")]
        self.minor = timedelta(minutes=5)
        self.stops: dict[str, list[tuple[datetime, datetime]]] = {}
        for stop in life.stops:
            self.stops.setdefault(stop.strike.unit, []).append((at(stop.start), at(stop.end)))
        standard = {one["line"]: float(one["standard"].removesuffix("min")) * 60 for one in plant.file["set_ups"]}
        begun: dict[str, float] = {}
        self.long_set_ups: dict[str, list[tuple[datetime, datetime]]] = {}
        for moment, line, mode in life.set_ups:
            if mode:
                begun[line] = moment
            elif line in begun and moment - begun[line] > standard[line] + 120:
                self.long_set_ups.setdefault(line, []).append((at(begun.pop(line)), at(moment)))

    def explains(self, row: Row) -> bool:
        slack = timedelta(minutes=2)
        if row.rule == "set_up":
            spans = self.long_set_ups.get(row.path.partition("/")[0], [])
            return any(row.start <= end + slack and row.end >= start - slack for start, end in spans)
        here = [s for s in self.stops.get(row.path, []) if row.start <= s[1] + slack and row.end >= s[0] - slack]
        if row.rule == "stop":
            whole = sum((end - start for start, end in here), timedelta())
            return any(end - start >= self.minor - slack / 4 for start, end in here) or whole >= self.minor - slack / 4
        return row.rule == "minor_stops" and sum(end - start < self.minor for start, end in here) >= 3
