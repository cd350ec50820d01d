"""On-time in full: orders delivered by their due date with all their pieces."""

from mom.kpis.kpi import Kpi, share

on_time_in_full = Kpi(
    name="on_time_in_full",
    title="On time in full",
    unit="1",
    formula="orders due in the window that were finished by then with at least 98 % of their quantity, of orders due",
    source="in use beyond ISO 22400-2 (OTIF)",
    needs=("OTIF", "DUE"),
    compute=lambda v: share(v["OTIF"], v["DUE"]),
    undefined="no order was due in this window",
    noun="orders",
    group="production",
)
