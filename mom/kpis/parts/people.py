"""Attendance and work of people (ISO 22400-2, 1), and the hours of the maintenance team."""

from mom.kpis.parts.part import Found, Part, Sight


def _people(sight: Sight) -> Found:
    found = {"APWT": 0.0, "APAT": 0.0}
    for row in sight.papers.people:
        name = "APWT" if row.kind == "work" else "APAT"
        found[name] += row.people * sight.seconds(row.start, row.end)
    if "worked" not in sight.papers.since and found["APAT"]:
        return {"APAT": found["APAT"]}, {
            "APWT": "no work time of people is told, only attendance; the MES or ERP would give it"
        }
    return found, {}


def _team(sight: Sight) -> Found:
    """The team is the site's: its hours are not parted over the equipment that it serves."""
    return {"CREW_HOURS": sum(row.people * sight.seconds(row.start, row.end) / 3600 for row in sight.papers.team)}, {}


people = Part("people", "people", ("APWT", "APAT"), _people, "personnel_times", lambda papers: len(papers.people))
team = Part("team", "team", ("CREW_HOURS",), _team, "personnel_times", lambda papers: len(papers.team))
