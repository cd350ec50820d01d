"""The suite `bottleneck` in its short form: it runs on plants of seeds that are for building, it tells what it did."""

import pytest

from evals.sensitivity import Line
from evals.suite import Asked, suites
from mom.settings import read_settings

SEED = 11


async def test_the_short_form_agrees_with_what_is_true(home):
    home.mkdir()
    home.chmod(0o711)
    said: list[str] = []
    result = await suites()["bottleneck"].run(Asked(read_settings(), home, said.append, short=True, seed=SEED))
    assert result.cases == len(said) == 2
    assert result.scores["agreement"] >= 0.5, result.table
    assert result.aims.keys() == {"agreement"}
    assert all(row["found"] == row["truth"] for row in result.table), result.table


@pytest.mark.parametrize(("gains", "limit", "best"), [
    ((0.1, 2.0, 1.9), "machine", [False, True, True]),  # within a tenth: either
    ((0.0, 2.0, 1.0), "machine", [False, True, False]),
    ((0.0, 0.05, 0.01), "orders", [False, True, False]),
])  # fmt: skip
def test_what_counts_as_right(gains, limit, best):
    line = Line(1, "line-1", 60.0, (("a",), ("b",), ("c",)), gains)
    assert line.limit == limit
    assert [line.is_best(stage) for stage in range(3)] == best
