"""Cost of poor quality: what scrap and rework cost."""

from mom.kpis.kpi import Kpi

cost_of_poor_quality = Kpi(
    name="cost_of_poor_quality",
    title="Cost of poor quality",
    unit="money",
    formula="scrap x material cost of the product + rework x line time of one piece; of a line: of all its machines",
    source="in use beyond ISO 22400-2",
    needs=("COPQ",),
    compute=lambda v: v["COPQ"],
    noun="counts",
    better="lower",
    group="quality",
)
