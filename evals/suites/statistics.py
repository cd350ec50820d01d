"""NIST's reference sets, reckoned by the program's own functions and the libraries that it fits with: digits that agree."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.suite import Asked, Result, Suite

TABLE = Path(__file__).parents[1] / "nist" / "digits.yaml"
NEAR = 1.0
"""A result that is within one digit of what doubles allow has reached it."""
SHORT = ("Norris", "SmLs01", "SmLs07", "Misra1a", "Thurber", "Lanczos1")


async def run(asked: Asked) -> Result:
    """`row`: one set, by its name."""
    from evals.nist.reference_set import sets_in
    from mom.errors import NotFound

    if asked.data is None:
        raise TypeError("the suite needs data")
    found, spoiled, foreign = sets_in(asked.data)
    chosen = [s for s in found if (asked.row in (None, s.name)) and (not asked.short or asked.row or s.name in SHORT)]
    broken = {name: why for name, why in spoiled.items() if asked.row in (None, Path(name).stem)}
    if not chosen and not broken:
        known = ", ".join(one.name for one in found)
        what = f"no set {asked.row!r}" if asked.row else f"none of the sets of the short form ({', '.join(SHORT)})"
        raise NotFound(f"There is {what} in {asked.data}.", remedy=f"Known: {known}.")
    stated: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    rows = []
    for one in chosen:
        rows.append(_row(one, stated.get(one.name, {})))
        asked.tell("{family:10} {set:10} {digits:5.2f} digits, {allowed} allowed".format(**rows[-1]))
    rows += [_not_reckoned("", Path(name).stem, why) for name, why in broken.items()]
    return _result(rows, [f"Left out: {why}" for why in foreign.values()])


def _row(one: Any, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The figure that falls furthest short of what it may, and the set's fewest digits."""
    from evals.nist.exact import agreement, allowed
    from evals.nist.reckon import reckon, reckon_plainly
    from mom.errors import BadInput

    try:
        got, may = agreement(reckon(one), one), allowed(one)
        plainly = min(agreement(reckon_plainly(one), one).values()) if one.family == "linear" else None
    except BadInput as error:
        return _not_reckoned(one.family, one.name, str(error))
    worst = max(got, key=lambda name: may[name] - got[name])
    fewest = min(got.values())
    aim = float(stated.get("digits", max(0.0, round(min(may.values()) - NEAR, 1))))
    return {
        "family": one.family,
        "set": one.name,
        "figures": len(got),
        "digits": round(fewest, 2),
        "allowed": round(min(may.values()), 2),
        "aim": aim,
        "short_by": round(max(0.0, may[worst] - got[worst]), 2),
        "worst": worst,
        "as_it_stands": "" if plainly is None else round(plainly, 2),
        "why": stated.get("why", ""),
        "right": got[worst] >= may[worst] - NEAR and fewest >= aim,
    }


def _not_reckoned(family: str, name: str, why: str) -> dict[str, Any]:
    """A set that cannot be read, or of which nothing was made: it has no digits, and is no reason to leave out the others."""
    return {
        "family": family, "set": name, "figures": 0, "digits": 0.0, "allowed": "none", "aim": "", "short_by": "", "worst": "",
        "as_it_stands": "", "why": why, "right": False,
    }  # fmt: skip


def _result(rows: Sequence[dict[str, Any]], left_out: Sequence[str]) -> Result:
    right, reckoned = [row for row in rows if row["right"]], [row for row in rows if row["figures"]]
    families = {row["family"]: row for row in sorted(rows, key=lambda row: -float(row["digits"])) if row["family"]}
    scores = {f"min_lre_{family}": float(row["digits"]) for family, row in sorted(families.items())}
    scores |= {
        "share_reached": len(right) / len(rows),
        "short_by": max((float(row["short_by"]) for row in reckoned), default=0.0),
    }
    return Result(
        "statistics", len(rows), len(right), scores,
        aims={"share_reached": "= 1", "short_by": f"≤ {NEAR}"},
        table=[{name: value for name, value in row.items() if name != "right"} for row in rows],
        failures=[row for row in rows if not row["right"]],
        notes=(
            "digits: the fewest significant digits of the set's figures that agree with what is certified (log relative error);",
            "allowed: what the data, once they are doubles, and a stable algorithm in doubles can give, reckoned in fractions;",
            "as_it_stands: the same fit of a linear set on its columns as they are, powers not brought to [-1, 1]: as the program"
            " fits, which has no powers.",
            *left_out,
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
