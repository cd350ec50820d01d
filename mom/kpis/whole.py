"""What a machine or line has of the machines beside it: the sums over all of its machines, and the line's first one."""

from collections.abc import Sequence
from dataclasses import replace

from mom.kpis.kpi import Elements

SUMS = {"SUM_AUBT": "OAUBT", "SUM_APT": "OAPT", "LSQ": "SQ", "COPQ": "COPQ"}
"""Of a line: what is added up over its machines. A machine alone has its own."""
BASE = {"COPQ": "SQ"}
"""A machine that tells this must tell the other; one that tells neither is no part of the sum."""


def whole(own: Elements, units: Sequence[Elements], first: Elements | None) -> Elements:
    """`own` with what `units` (the machines of a line; none: a machine) add, and PQ1 of the line's first machine."""
    values, missing = dict(own.values), dict(own.missing)
    for name, part in SUMS.items():
        asked = [unit for unit in units or [own] if part in unit.values or BASE.get(part) in unit.values]
        values.pop(name, None)
        missing.pop(name, None)
        if asked and all(part in unit.values for unit in asked):
            values[name] = sum(unit.values[part] for unit in asked)
        else:
            missing[name] = next(
                (unit.missing[part] for unit in (*asked, *units, own) if part in unit.missing), "not told"
            )
    if first is not None and "PQ" in first.values:
        values["PQ1"] = first.values["PQ"]
    else:
        missing["PQ1"] = first.missing["PQ"] if first is not None else own.missing.get("PQ", "not told")
    return replace(own, values=values, missing=missing)
