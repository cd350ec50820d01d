"""NIST's reference sets, reckoned by the functions of charts and factors and by fits of the suite's own: digits that agree."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.suite import Asked, Result, Suite

TABLE = Path(__file__).parents[1] / "nist_digits.yaml"
NEAR = 1.0
"""A result that is within one digit of what doubles allow has reached it."""
SHORT = ("Norris", "SmLs01", "SmLs07", "Misra1a", "Thurber", "Lanczos1")


async def run(asked: Asked) -> Result:
    """`row`: one set, by its name."""
    from evals.nist_set import sets_in
    from mom.errors import NotFound

    if asked.data is None:
        raise TypeError("the suite needs data")
    found = sets_in(asked.data)
    chosen = [s for s in found if (asked.row in (None, s.name)) and (not asked.short or asked.row or s.name in SHORT)]
    if not chosen:
        raise NotFound(
            f"There is no set {asked.row!r} in {asked.data}.", remedy=f"Known: {', '.join(s.name for s in found)}."
        )
    stated: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    rows = []
    for one in chosen:
        rows.append(_row(one, stated.get(one.name, {})))
        asked.tell(
            f"{one.family:10} {one.name:10} {rows[-1]['digits']:5.2f} digits, {rows[-1]['allowed']:5.2f} allowed"
        )
    return _result(rows)


def _row(one: Any, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The figure that falls furthest short of what it may, and the set's fewest digits."""
    from evals.nist_exact import agreement, allowed
    from evals.nist_reckon import reckon

    got, may = agreement(reckon(one), one), allowed(one)
    worst = max(got, key=lambda name: may[name] - got[name])
    fewest = min(got.values())
    aim = float(stated.get("digits", round(min(may.values()) - NEAR, 1)))
    return {
        "family": one.family,
        "set": one.name,
        "figures": len(got),
        "digits": round(fewest, 2),
        "allowed": round(min(may.values()), 2),
        "aim": aim,
        "short_by": round(max(0.0, may[worst] - got[worst]), 2),
        "worst": worst,
        "why": stated.get("why", ""),
        "right": got[worst] >= may[worst] - NEAR and fewest >= aim,
    }


def _result(rows: Sequence[dict[str, Any]]) -> Result:
    right = [row for row in rows if row["right"]]
    families = {row["family"]: row for row in sorted(rows, key=lambda row: -float(row["digits"]))}
    scores = {f"min_lre_{family}": float(row["digits"]) for family, row in sorted(families.items())}
    scores |= {"share_reached": len(right) / len(rows), "short_by": max(float(row["short_by"]) for row in rows)}
    return Result(
        "statistics", len(rows), len(right), scores,
        aims={"share_reached": "= 1", "short_by": f"≤ {NEAR}"},
        table=[{name: value for name, value in row.items() if name != "right"} for row in rows],
        failures=[row for row in rows if not row["right"]],
        notes=(
            "digits: the fewest significant digits of the set's figures that agree with what is certified (log relative error);",
            "allowed: what the data, once they are doubles, and a stable algorithm in doubles can give, reckoned in fractions.",
        ),
    )  # fmt: skip


SUITE_STATISTICS = Suite(
    "statistics",
    "NIST's reference sets: digits that agree, against what double precision allows",
    run,
    needs_data="a folder with files of NIST's Statistical Reference Datasets (StRD)",
    data_default="statistics/nist-strd",
    takes_row=True,
)
