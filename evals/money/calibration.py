"""Calibrate the bands of stated costs: `python -m evals.money.calibration [--seed N] [--plants N]`.

Splits nothing: the plants are of seeds that are for building, the suite `losses` judges on others. By method and kind the
4 % and 96 % quantiles of (true - stated) / (stated + three minutes of the line), with the finite sample's correction of
split conformal prediction; kinds that were seen too seldom share one band, a method that was has none. Writes mom/money/bands.yaml.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from evals.money.told import Told
from mom.money.band import ANY, FILE, MINUTES

FIRST_SEED, PLANTS = 3000, 60
LEAST = 25
"""Troubles of a kind, or of a method, without which it has no band of its own."""
LOW, HIGH = 0.04, 0.96
"""A little outside 90 %: a trouble that no row tells of has no interval that could hold it."""
HEAD = "# Made by `python -m evals.money.calibration`: not to be edited by hand.\n"


def calibrated(told: Sequence[Told]) -> dict[str, dict[str, dict[str, float]]]:
    """Bands by method and kind of loss."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for method in ("replay", "estimate"):
        some = [one for one in told if one.rows and (one.method == "replay") == (method == "replay")]
        if len(some) < LEAST:
            continue
        kinds = sorted({one.kind for one in some})
        by_kind = {kind: [one for one in some if one.kind == kind] for kind in kinds} | {ANY: some}
        found[method] = {kind: _band(mine) for kind, mine in by_kind.items() if len(mine) >= LEAST or kind == ANY}
    return found


def _band(told: Sequence[Told]) -> dict[str, float]:
    residuals = sorted((one.true - one.stated) / _scale(one) for one in told)
    places = [share * (len(residuals) + 1) - 1 for share in (LOW, HIGH)]
    low, high = (_between(residuals, min(max(place, 0.0), len(residuals) - 1.0)) for place in places)
    return {"low": round(low, 3), "high": round(high, 3), "troubles": len(residuals)}


def _between(values: Sequence[float], place: float) -> float:
    """The value at a place between two of them."""
    first = int(place)
    last = min(first + 1, len(values) - 1)
    return values[first] + (place - first) * (values[last] - values[first])


def _scale(one: Told) -> float:
    return one.stated + float(MINUTES) * (one.line_second if one.method == "replay" else 0.0) or 1.0


def write(told: Sequence[Told], to: Path = FILE) -> None:
    to.write_text(HEAD + yaml.safe_dump({"bands": calibrated(told)}, sort_keys=False), encoding="utf-8")


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def main() -> None:
    from evals.losing import measured

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="the first of the plants' seeds")
    parser.add_argument("--plants", type=int, default=PLANTS, help="how many")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lineside-calibration-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        plants = measured(
            range(given.seed, given.seed + given.plants),
            Path(folder),
            _tell,
            finding=False,
        )
    write([one for plant in plants for one in plant.told])


if __name__ == "__main__":
    main()
