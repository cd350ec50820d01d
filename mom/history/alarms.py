"""Alarm readings in, spans of active alarms out."""

from collections.abc import Mapping, Sequence

from mom.history.made import Made, made
from mom.history.values import FOREVER, Values, steps

CALM = frozenset({"", "0", "0.0", "False", "false", "None"})
"""What an alarm tag shows when nothing is wrong."""


def alarm_spans(tag: int, values: Values, texts: Mapping[str, str], title: str, stops: bool, start: int) -> list[Made]:
    """Alarms that began at or after `start`. One that lasts is open; a gap or a bad status does not end one.

    A code's text is the plant file's; a flag without texts is called by its tag's title.
    """
    codes, labels = values.codes()
    known = codes >= 0
    at, codes = values.at[known], codes[known]
    turns = steps(codes)
    found = []
    for index, turn in enumerate(turns):
        code = labels[int(codes[turn])]
        if code in CALM or int(at[turn]) < start:
            continue
        end = int(at[turns[index + 1]]) if index + 1 < len(turns) else None
        text = texts.get(code) or (title if code in ("1", "True", "true") and title else code)
        found.append(made(int(at[turn]), end, tag_id=tag, code=code, text=text, stops=stops))
    return found


def union(alarms: Sequence[Made]) -> list[tuple[int, int | None, Made]]:
    """Spans in which at least one of `alarms` is active, each with the one that came first (first-out)."""
    found: list[tuple[int, int | None, Made]] = []
    for alarm in sorted(alarms, key=lambda a: (a.start, a["code"])):
        if found and alarm.start <= (found[-1][1] if found[-1][1] is not None else FOREVER):
            start, end, first = found[-1]
            later = None if end is None or alarm.end is None else max(end, alarm.end)
            found[-1] = (start, later, first)
        else:
            found.append((alarm.start, alarm.end, alarm))
    return found
