"""The suite on NIST's files, and on sets made here in their form: one that no algorithm can hold, one that is spoiled."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evals.nist.exact import agreement, allowed, digits
from evals.nist.reckon import reckon
from evals.nist.reference_set import Set, read_set
from evals.suite import Asked
from evals.suites.statistics import SUITE_STATISTICS
from mom.errors import BadInput
from mom.settings import Settings

POLYNOMIAL = """
Procedure:     Linear Least Squares Regression
Model:         Polynomial Class
               y = B0 + B1*x + B2*(x**2) + B3*(x**3)+ B4*(x**4) + B5*(x**5)

{rows}
     Residual
     Standard Deviation   0.00000000000000
     R-Squared            1.00000000000000

Data:            y     x
"""


async def test_short_form_reaches_every_digit(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    asked = Asked(Settings(), tmp_path, lambda _: None, data=real_data("statistics") / "nist-strd", short=True)
    result = await SUITE_STATISTICS.run(asked)
    assert result.cases == 6 and result.right, result.failures
    assert {"min_lre_anova", "min_lre_linear", "min_lre_nonlinear", "share_reached"} <= result.scores.keys()


async def test_a_row_that_is_not_there(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    asked = Asked(Settings(), tmp_path, lambda _: None, data=real_data("statistics") / "nist-strd", row="Nobody")
    with pytest.raises(Exception, match="There is no set 'Nobody'"):
        await SUITE_STATISTICS.run(asked)


def made(folder: Path, text: str, name: str = "Made") -> Set:
    path = folder / f"{name}.dat"
    path.write_text(text)
    return read_set(path)


def test_polynomial_of_the_fifth_degree(tmp_path: Path) -> None:
    """y = 1 + x + … + x^5 at 0 … 20: the certified coefficients are 1, their errors 0 (Wampler, 1970)."""
    head = POLYNOMIAL.format(
        rows="".join(f"        B{n}        1.00000000000000         0.00000000000000\n" for n in range(6))
    )
    one = made(tmp_path, head + "".join(f"{sum(x**k for k in range(6))} {x}\n" for x in range(21)))
    got, may = agreement(reckon(one), one), allowed(one)
    assert all(got[name] >= may[name] - 1 for name in got), (got, may)
    assert got["deviation"] > 13 and got["B5"] > 12


def test_leading_digits_take_what_doubles_hold(tmp_path: Path) -> None:
    """Mean 10000000.2, deviation 0.1: of the deviation eight digits are left, however it is reckoned."""
    head = """
Stat Category: Univariate: Summary Statistics
Sample Mean                                ybar:  10000000.2     (exact)
Sample Standard Deviation (denom. = n-1)      s:        0.1     (exact)
Sample Autocorrelation Coefficient (lag 1) r(1):       -0.999   (exact)

Data: Y
----------
 10000000.2
"""
    one = made(tmp_path, head + "".join(f" 10000000.{1 if n % 2 == 0 else 3}\n" for n in range(1000)))
    got, may = agreement(reckon(one), one), allowed(one)
    assert 8 < may["deviation"] < 9 and got == pytest.approx(may, abs=0.05)


def test_a_wrong_figure_is_seen(real_data: Callable[[str], Path]) -> None:
    one = read_set(real_data("statistics") / "nist-strd" / "nonlinear_from_lmfit" / "Misra1a.dat")
    spoiled = replace(one, certified={**one.certified, "b1": one.certified["b1"] * (1 + 1e-6)})
    assert agreement(reckon(spoiled), spoiled)["b1"] == pytest.approx(6, abs=0.1)


@pytest.mark.parametrize(
    ("value", "certified", "agree"), [(1.001, 1.0, 3), (0.0, 1.0, 0), (1e-9, 0.0, 9), (2.5, 2.5, 11)]
)
def test_digits(value: float, certified: float, agree: float) -> None:
    assert digits(value, certified, 11, 1.0) == pytest.approx(agree, abs=0.01)


def test_a_file_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"Made.dat is no file of the StRD"):
        made(tmp_path, "Procedure: cooking\nData: y\n1\n2\n")


def test_a_model_that_is_no_arithmetic(real_data: Callable[[str], Path]) -> None:
    one = read_set(real_data("statistics") / "nist-strd" / "nonlinear_from_lmfit" / "Misra1a.dat")
    with pytest.raises(BadInput, match="no arithmetic"):
        reckon(replace(one, model="[x for x in (1, 2)]"))
