"""Inspections: the parts that were looked at, and the values that were measured against limits."""

from mom.papers import SamplePaper, ValuePaper
from mom.store.papers.asked import AskedPapers

LONGEST = "interval '2 days'"
"""A part's results come within so long of its first one."""
SAMPLES = f"""
SELECT min(t.at), min(t.product), min(t."order"),
  bool_and(coalesce(t.passed, t.value >= t.low AND t.value <= t.high)) FILTER (WHERE t.attempt = 1)
FROM inspection_results t
WHERE {{current}} AND {{below}} AND t.at >= CAST(:start AS timestamptz) - {LONGEST}
  AND t.at < CAST(:end AS timestamptz) + {LONGEST}
  AND coalesce(t.passed::text, t.value::text) IS NOT NULL AND coalesce(t.passed, t.low IS NOT NULL OR t.high IS NOT NULL) IS NOT NULL
GROUP BY coalesce(t.sample, t.key)
HAVING min(t.at) >= :start AND min(t.at) < :end ORDER BY 1
"""
VALUES = f"""
WITH told AS (
  SELECT t.at, t.equipment, t.characteristic, t.product, t."order", t.value, t.low, t.high, abs(t.value - lag(t.value) OVER (
    PARTITION BY t.equipment, t.characteristic, t.low, t.high, t.product, t."order" ORDER BY t.at, t.key)) AS moved
  FROM inspection_results t
  WHERE {{current}} AND {{below}} AND t.value IS NOT NULL AND t.low < t.high AND t.attempt = 1
    AND t.at >= CAST(:start AS timestamptz) - {LONGEST} AND t.at < :end
)
SELECT * FROM told WHERE at >= :start ORDER BY at, equipment, characteristic
"""


async def samples_in(asked: AskedPapers) -> tuple[SamplePaper, ...]:
    """Inspected parts, each where its first result lies."""
    return tuple(SamplePaper(row[0], row[1], row[2], bool(row[3])) for row in await asked.rows(SAMPLES))


async def values_in(asked: AskedPapers) -> tuple[ValuePaper, ...]:
    """Measured values with both limits, each with its distance to the one before of the same order."""
    return tuple(ValuePaper(*row) for row in await asked.rows(VALUES))
