"""Maintenance work: corrective and preventive time (ISO 22400-2, 34), and SMRP's measures of a maintenance team."""

from datetime import timedelta

from mom.kpis.parts.part import Found, Part, Sight
from mom.papers import WorkPaper

COMPLIANCE = timedelta(days=1)
"""Work was done as scheduled if it ended within a day of its plan."""
NAMES = ("CMT", "PMT", "MH", "PMH", "BACKLOG", "REPAIRS", "FIXED", "SCHEDULED", "COMPLIED")


def _maintenance(sight: Sight) -> Found:
    found = dict.fromkeys(NAMES, 0.0)
    for work in sight.papers.work:
        _worked(sight, work, found)
        _backlog(sight, work, found)
        _judged(sight, work, found)
    return found, {}


def _worked(sight: Sight, work: WorkPaper, found: dict[str, float]) -> None:
    """Time in the window; hours of work in proportion (of a crew of two, twice the time)."""
    seconds = sight.seconds(work.start, work.end)
    if work.start is None or seconds <= 0:
        return
    found["CMT" if work.kind == "corrective" else "PMT"] += seconds
    whole = ((work.end or sight.papers.now) - work.start).total_seconds()
    hours = (work.hours if work.hours and work.end else whole / 3600) * seconds / whole
    found["MH"] += hours
    if work.kind != "corrective" or (work.planned_at is not None and work.planned_at <= work.start):
        found["PMH"] += hours


def _backlog(sight: Sight, work: WorkPaper, found: dict[str, float]) -> None:
    """Hours of work that waited, times the hours that it waited: over the window's hours, the mean backlog."""
    waited = sight.seconds(work.reported_at or work.planned_at, work.start or work.end) / 3600
    found["BACKLOG"] += waited * (work.planned_hours or work.hours or 0.0)


def _judged(sight: Sight, work: WorkPaper, found: dict[str, float]) -> None:
    if work.kind == "corrective" and sight.holds(work.end):
        found["REPAIRS"] += 1
        found["FIXED"] += not work.repeated
    if sight.holds(work.planned_at) and work.planned_at is not None:
        over = work.end is not None or work.planned_at + COMPLIANCE <= sight.papers.now
        found["SCHEDULED"] += over
        found["COMPLIED"] += work.end is not None and work.end <= work.planned_at + COMPLIANCE


maintenance = Part(
    "maintenance", "maintenance", NAMES, _maintenance, "maintenance_orders", lambda papers: len(papers.work)
)
