"""Effectiveness (performance): what was made against what the standard allows in the time that it ran."""

from mom.kpis.kpi import Kpi, Values, share


def _note(values: Values, value: float) -> str:
    if value <= 1:
        return ""
    if "APT" in values:
        return "Above 100 %: the standard is looser than what the machine can do."
    return "Above 100 %: the standard is looser than what the machine can do, or it ran longer than the shift says."


effectiveness = Kpi(
    name="effectiveness",
    title="Performance",
    unit="1",
    formula="PRI x PQ / APT: standard time of the pieces made in the time it produced (without states: in shift time)",
    source="ISO 22400-2:2014, no. 9",
    needs=("PRI*PQ", "PT"),
    compute=lambda v: share(v["PRI*PQ"], v["PT"]),
    undefined="it did not produce in this window",
    noun="counts",
    note=_note,
)
