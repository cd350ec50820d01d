"""Which stops are of the same sort as the loss: of its reason, or of the alarm for which people here give that reason."""

from bisect import bisect_left
from collections import Counter
from datetime import timedelta

from mom.facts import Facts, StopSpan

NEAR = timedelta(seconds=5)
MOSTLY = 0.5


def stops_like(machine: Facts, reason: str) -> list[StopSpan]:
    """The stops of the machine that have the reason, under any of its names."""
    names = {reason, *(alarm for alarm, said in said_for(machine).items() if said == reason)}
    said = said_for(machine).get(reason)
    return [stop for stop in machine.stops if stop.reason in names or (said and stop.reason == said)]


def said_for(machine: Facts) -> dict[str, str]:
    """By the text of an alarm that stops the machine, the reason that people mostly enter for it."""
    alarms = sorted((alarm for alarm in machine.alarms if alarm.stops), key=lambda alarm: alarm.start)
    starts = [alarm.start for alarm in alarms]
    told: dict[str, Counter[str]] = {}
    for stop in machine.stops:
        place = bisect_left(starts, stop.start - NEAR)
        if stop.reason and stop.reason_by != "alarm" and place < len(starts) and starts[place] <= stop.start + NEAR:
            told.setdefault(alarms[place].text, Counter())[stop.reason] += 1
    mostly = {text: reasons.most_common(1)[0] for text, reasons in told.items()}
    return {text: said for text, (said, times) in mostly.items() if times > MOSTLY * sum(told[text].values())}
