"""Time and attendance: when crews were there and what of it they worked on orders, by crew and line, never by person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.plant.calendar import WorkedShift
from simulator.plant.written import Record, iso

if TYPE_CHECKING:
    from simulator.plant.site import Site

AT_A_LINE = 2  # of a crew
TEAM = 2  # technicians of a shift
HANDOVER, TIDYING = 600.0, 900.0
"""Seconds at a shift's start and end that are nobody's work on an order."""


def attended(site: Site, since: float) -> Iterator[Record]:
    """What is booked when a shift has ended."""
    for shift in site.shifts:
        if since < shift.ends <= site.env.now and shift.begins >= 0:
            for line in site.lines:
                yield _row(site, shift, "attendance", line, None, shift.begins, shift.ends)
                yield from _worked(site, shift, line)
            yield _team(site, shift)


def _worked(site: Site, shift: WorkedShift, line: str) -> Iterator[Record]:
    for order in site.orders:
        if order.line != line or order.started is None:
            continue
        begun = max(order.started, shift.begins + HANDOVER)
        ended = min(order.finished if order.finished is not None else shift.ends, shift.ends - TIDYING)
        if begun < ended:
            yield _row(site, shift, "work", line, order.number, begun, ended)


def _row(site: Site, shift: WorkedShift, kind: str, line: str, order: str | None, begun: float, ended: float) -> Record:
    data: dict[str, Any] = {"kind": kind, "crew": shift.crew, "trade": "operator", "people": AT_A_LINE}
    data |= {"equipment": line, "order": order, "started_at": iso(site, begun), "ended_at": iso(site, ended)}
    key = f"PT-{shift.key}-{line}-{order or kind}"
    return Record("erp", "personnel_time", key, site.at(shift.ends), data)


def _team(site: Site, shift: WorkedShift) -> Record:
    data = {"kind": "attendance", "trade": "mechanic", "people": TEAM}
    data |= {"started_at": iso(site, shift.begins), "ended_at": iso(site, shift.ends)}
    return Record("erp", "personnel_time", f"PT-{shift.key}-maintenance", site.at(shift.ends), data)
