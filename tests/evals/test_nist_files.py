"""Files in the form of NIST's that are none of NIST's: other models, other ways of writing, spoiled ones."""

import random
from collections.abc import Callable, Sequence
from decimal import Decimal, getcontext
from fractions import Fraction
from math import atan, exp, log10, sin, sqrt
from pathlib import Path

import pytest

from evals.nist.exact import agreement, allowed
from evals.nist.reckon import reckon, reckon_plainly
from evals.nist.reference_set import Set, read_set
from evals.suite import Asked
from evals.suites.statistics import SUITE_STATISTICS
from mom.errors import BadInput
from mom.settings import Settings

LINEAR = """NIST/ITL StRD
Dataset Name:  Made (Made.dat)

Procedure:     Linear Least Squares Regression

Data:          1 Response Variable (y)
               {predictors} Predictor Variable (x)
               Higher Level of Difficulty

Model:         Polynomial Class
               {count} Parameters

               {model}

               Certified Regression Statistics

                                          Standard Deviation
     Parameter        Estimate               of Estimate

{rows}
     Residual
     Standard Deviation   {deviation}
     R-Squared            {share}

               Certified Analysis of Variance Table

Residual     {freedom}  {deviation}

Data:        {names}
{data}
"""
NONLINEAR = """NIST/ITL StRD
Dataset Name:  Made              (Made.dat)

Procedure:     Nonlinear Least Squares Regression

Description:   y was measured against x in a model of its own.

Data:          1 Response  (y = what was seen)
               Observed Data

Model:         Miscellaneous Class
               {count} Parameters

{model}


          Starting values                  Certified Values

        Start 1     Start 2           Parameter     Standard Deviation
{rows}

Residual Sum of Squares:                    0.0000000000E+00
Residual Standard Deviation:                0.0000000000E+00
Degrees of Freedom:                                8

Data:   {names}
{data}
"""


def written(value: Fraction) -> str:
    """Fifteen digits."""
    getcontext().prec = 60
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.14E}"


def root(value: Fraction) -> Fraction:
    getcontext().prec = 60
    return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def solved(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction]:
    """Gauss's elimination in fractions."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for j in range(len(rows)):
            if j != i:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[-1] for row in rows]


def linear(folder: Path, data: Sequence[Sequence[str]], powers: range | None, *, names: str = "y x") -> Set:
    """A file of data (response first), certified in fractions of what is written. `powers` of x; None: all predictors."""
    response = [Fraction(row[0]) for row in data]
    given = [[Fraction(value) for value in row[1:]] for row in data]
    design = [[row[0] ** power for power in powers] if powers else [Fraction(1), *row] for row in given]
    width, first = len(design[0]), powers.start if powers else 0
    normal = [[sum((row[i] * row[j] for row in design), Fraction(0)) for j in range(width)] for i in range(width)]
    right = [sum((row[i] * y for row, y in zip(design, response, strict=True)), Fraction(0)) for i in range(width)]
    found = solved(normal, right)
    left = [y - sum(map(Fraction.__mul__, found, row), Fraction(0)) for y, row in zip(response, design, strict=True)]
    squares, freedom = sum((r * r for r in left), Fraction(0)), len(data) - width
    middle = Fraction(0) if first else sum(response, Fraction(0)) / len(response)
    units = [solved(normal, [Fraction(int(i == n)) for i in range(width)])[n] for n in range(width)]
    rows = "\n".join(
        f"        B{n + first}   {written(value)}   {written(root(squares / freedom * units[n]))}"
        for n, value in enumerate(found)
    )
    total = sum(((y - middle) ** 2 for y in response), Fraction(0))
    path = folder / "Made.dat"
    path.write_text(
        LINEAR.format(
            predictors=len(given[0]), count=width, model="y = B0 + B1*x + ... + e", rows=rows, freedom=freedom, names=names,
            deviation=written(root(squares / freedom)), share=written(1 - squares / total),
            data="\n".join("  ".join(row) for row in data),
        )
    )  # fmt: skip
    return read_set(path)


def nonlinear(folder: Path, model: str, at: Sequence[float], rows: Sequence[tuple[float, ...]], **said: str) -> Set:
    """A file whose residuals are zero: what is certified is what the data were made with. Starts: 20 and 5 % away."""
    lines = "\n".join(
        f"  b{n + 1} =   {value * 1.2:.6g}   {value * 0.95:.6g}   {value:.10E}  0.0000000000E+00"
        for n, value in enumerate(at)
    )
    names = said.get("names", "y  x")
    data = "\n".join("  ".join(repr(value) for value in row) for row in rows)
    text = NONLINEAR.format(count=len(at), model=model, rows=said.get("lines", lines), names=names, data=data)
    (folder / "Made.dat").write_text(text)
    return read_set(folder / "Made.dat")


def right(one: Set) -> None:
    got, may = agreement(reckon(one), one), allowed(one)
    assert got.keys() == one.certified.keys()
    assert all(got[name] >= may[name] - 1 for name in got), (got, may)


def test_linear_sets_as_they_are_drawn(tmp_path: Path) -> None:
    """Powers of x far from zero, lines without a constant, several predictors that are much alike: each reaches what
    doubles allow, whatever its kind."""
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    draw = random.Random(seed)
    for _ in range(12):
        count, offset = draw.randint(12, 40), draw.choice([0, 0, 50, -2000])
        x = [f"{offset + draw.uniform(1, 9):.5f}" for _ in range(count)]
        y = [f"{draw.uniform(-2, 2):.3f}" for _ in range(count)]
        right(linear(tmp_path, list(zip(y, x, strict=True)), range(draw.randint(2, 5))))
        right(linear(tmp_path, list(zip(y, x, strict=True)), range(1, draw.randint(2, 4))))
        near = [f"{Decimal(value) + Decimal(draw.randint(-99, 99)) / 1000}" for value in x]
        right(linear(tmp_path, list(zip(y, x, near, strict=True)), None, names="y x1 x2"))


def test_what_the_program_fits_by_is_told_beside(tmp_path: Path) -> None:
    """Powers as they stand lose digits that powers on [-1, 1] keep: both are said."""
    x = [f"{100 + n / 7:.4f}" for n in range(30)]
    one = linear(tmp_path, [(f"{(n * 37) % 11}", at) for n, at in enumerate(x)], range(5))
    brought, plain = (min(agreement(found, one).values()) for found in (reckon(one), reckon_plainly(one)))
    assert brought > plain + 4


def test_the_response_is_the_column_that_says_so(tmp_path: Path) -> None:
    data = [("1.5", "1"), ("3.1", "2"), ("4.4", "3"), ("6.2", "4")]
    one = linear(tmp_path, data, range(2))
    path = tmp_path / "Made.dat"
    path.write_text(path.read_text().replace("y x\n", "x y\n").replace("1.5  1\n", "1  1.5\n"))
    path.write_text(
        path.read_text().replace("3.1  2", "2  3.1").replace("4.4  3", "3  4.4").replace("6.2  4", "4  6.2")
    )
    assert read_set(path).rows == one.rows
    right(read_set(path))


POINTS = [n / 3 for n in range(1, 13)]
MODELS: dict[str, tuple[str, tuple[float, ...], Callable[..., float]]] = {
    "functions that none of NIST's has": (
        "               y = b1*sqrt[x] + b2*log10[x+b3]  +  e",
        (2.0, 3.0, 1.5),
        lambda x, a, b, c: a * sqrt(x) + b * log10(x + c),
    ),
    "on three lines, with a constant and capitals": (
        "               C = 2.5D+00\n               Y = B1*EXP( -B2*X )\n"
        "                      + B3*SIN( X/C )\n                      + B4 + E",
        (2.0, 0.5, 1.5, 4.0),
        lambda x, a, b, c, d: a * exp(-b * x) + c * sin(x / 2.5) + d,
    ),
    "roofs for powers, brackets of all kinds": (
        "               y  = {b1 * x^b2} / [1 + (b3*x)^2]  + e",
        (2.0, 1.5, 0.3),
        lambda x, a, b, c: a * x**b / (1 + (c * x) ** 2),
    ),
    "a response that is turned": (
        "               sqrt[y] = b1 + b2*arctan[x]  +  e",
        (2.0, 1.5),
        lambda x, a, b: (a + b * atan(x)) ** 2,
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_nobody_knew(tmp_path: Path, name: str) -> None:
    model, at, made = MODELS[name]
    right(nonlinear(tmp_path, model, at, [(made(x, *at), x) for x in POINTS]))


def test_predictors_are_what_the_file_calls_them(tmp_path: Path) -> None:
    rows = [(2.0 * t + 0.5 * t * w, t, w) for t, w in zip(POINTS, reversed(POINTS), strict=True)]
    one = nonlinear(tmp_path, "               y = b1*temp + b2*temp*load + e", (2.0, 0.5), rows, names="y temp load")
    assert one.predictors == ("temp", "load")
    right(one)


def test_other_ways_of_writing(tmp_path: Path) -> None:
    """One set of starting values, Fortran's exponents, comment signs, line ends of DOS."""
    model, at, made = MODELS["roofs for powers, brackets of all kinds"]
    lines = "\n".join(f"  b{n + 1} =  {v * 1.1:.6g}  {v:.10E}  0.0D+00".replace("E", "D") for n, v in enumerate(at))
    nonlinear(tmp_path, model, at, [(made(x, *at), x) for x in POINTS], lines=lines)
    path = tmp_path / "Made.dat"
    path.write_bytes("".join(f"# {line}\r\n" for line in path.read_text().splitlines()).encode())
    one = read_set(path)
    assert len(one.starts) == 1 and len(one.rows) == len(POINTS)
    right(one)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("y = b1*bessel[b2*x] + e", r"unknown model .*bessel\(…\) is no function that is known"),
        ("y = b1*x + b2*k + e", "does not say what k is"),
        ("y = b1*(x + b2 + e", "it is no formula"),
        ("y = b1*x + b2*x if x else 0 + e", "no arithmetic"),
        ("an integral that no line can hold", "it has no model like y = … "),
    ],
)
async def test_a_model_that_cannot_be_known_is_said_and_holds_up_no_other(tmp_path: Path, model: str, why: str) -> None:
    linear(tmp_path, [("1.5", "1"), ("3.1", "2"), ("4.4", "3"), ("6.2", "4")], range(2))
    (tmp_path / "Made.dat").rename(tmp_path / "Good.dat")
    with pytest.raises(BadInput, match=why):
        reckon(nonlinear(tmp_path, f"               {model}", (1.0, 2.0), [(x, x) for x in POINTS]))
    (tmp_path / "Letter.dat").write_text("Dear all,\nData: none\n")
    result = await SUITE_STATISTICS.run(Asked(Settings(), tmp_path, lambda _: None, data=tmp_path))
    assert (result.cases, result.passed, result.right) == (2, 1, False)
    assert [row["set"] for row in result.failures] == ["Made"] and result.scores["min_lre_linear"] > 12
    assert any("Letter.dat is no file of the StRD" in note for note in result.notes)


def test_columns_that_hang_on_each_other(tmp_path: Path) -> None:
    one = linear(tmp_path, [("1.5", "1", "3"), ("3.1", "2", "1"), ("4.4", "3", "3"), ("6.2", "4", "2")], None)
    same = tuple((y, x, str(2 * int(x))) for y, x, _ in one.rows)
    path = tmp_path / "Made.dat"
    head, _, _ = path.read_text().rpartition("\nData:")
    path.write_text(head + "\nData: y x1 x2\n" + "\n".join(" ".join(row) for row in same) + "\n")
    with pytest.raises(BadInput, match="a sum of others"):
        allowed(read_set(path))


@pytest.mark.parametrize(
    "spoil", [("4.4  3", "4.4"), ("B1 ", "C1 "), ("R-Squared", "R squared"), ("\nData: ", "\nrows: ")]
)
def test_a_spoiled_file_is_named(tmp_path: Path, spoil: tuple[str, str]) -> None:
    linear(tmp_path, [("1.5", "1"), ("3.1", "2"), ("4.4", "3"), ("6.2", "4")], range(2))
    path = tmp_path / "Made.dat"
    path.write_text(path.read_text().replace(*spoil))
    with pytest.raises(BadInput, match=r"Made\.dat"):
        agreement(reckon(one := read_set(path)), one)
