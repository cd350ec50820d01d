"""A machine behind several lines: its speed goes in equal parts to the lanes that have something for it."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.drawn.line import Line
from simulator.drawn.unit import Unit
from simulator.packml import ABORTED, EXECUTE, HELD, IDLE, STARVED, STOPPED

ROUNDS = 4
"""A lane that runs dry or fills up gives its part to the other; after so many times it is settled."""


def share(shared: Unit, lines: Sequence[Line], now: float) -> list[Line]:
    """Give each lane its part from now on; returns the lines whose order came to its end thereby."""
    able = not shared.standing and lines[0].manned
    done = []
    for _ in range(ROUNDS):
        active = [line for line in lines if not line.waiting[line.count]]
        part = shared.speed / len(active) if able and active else shared.speed if able else 0.0
        stale = [line for line in lines if line.lane_speed != part]
        if not stale:
            break
        for line in stale:
            line.lane_speed = part
            if line.balance(now):
                done.append(line)
    rate = sum(line.rates[line.count] for line in lines)
    if rate != shared.rate:
        shared.turn(now, rate)
    shared.show(now, _state(shared, lines, rate))
    return done


def _state(shared: Unit, lines: Sequence[Line], rate: float) -> int:
    if shared.standing:
        return ABORTED if shared.aborted else HELD
    if not lines[0].manned:
        return STOPPED
    if rate > 0:
        return EXECUTE
    return STARVED if all(line.waiting[line.count] for line in lines) else IDLE
