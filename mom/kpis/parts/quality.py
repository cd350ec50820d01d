"""Inspected parts and measured values. For capability each characteristic keeps its sums: they add up over windows."""

from mom.kpis.catalogue import not_given
from mom.kpis.parts.part import Found, Part, Sight

MOMENTS = ("n", "sum", "squares", "moves", "moved")
"""Of a characteristic: values, sum and sum of squares from the middle of its limits; moves: steps, moved: their sum."""
MARK = "quality"


def sums_key(machine: str, characteristic: str, low: float, high: float, moment: str) -> str:
    """`quality|line-1/filler|fill volume|495|507.5|n`"""
    return f"{MARK}|{machine}|{characteristic}|{low!r}|{high!r}|{moment}"


def _inspected(sight: Sight) -> Found:
    samples = sight.of(sight.papers.samples)
    return {"IP": float(len(samples)), "GP": float(sum(sample.first_pass for sample in samples))}, {}


def _measured(sight: Sight) -> Found:
    values: dict[str, float] = {}
    for row in sight.of(sight.papers.values):
        off = row.value - (row.low + row.high) / 2
        told = (1.0, off, off * off, 0.0 if row.moved is None else 1.0, row.moved or 0.0)
        for moment, value in zip(MOMENTS, told, strict=True):
            key = sums_key(row.machine, row.characteristic, row.low, row.high, moment)
            values[key] = values.get(key, 0.0) + value
    if not values:
        return {}, {"CAPABILITY": not_given("CAPABILITY", "no measured values with limits in this window")}
    return values | {"CAPABILITY": sum(value for key, value in values.items() if key.endswith("|n"))}, {}


inspected = Part(
    "inspected", "quality", ("IP", "GP"), _inspected, "inspection_results", lambda papers: len(papers.samples)
)
measured = Part(
    "measured", "quality", ("CAPABILITY",), _measured, "inspection_results", lambda papers: len(papers.values)
)
