"""What is asked of a suite in vain is refused, by the option's name."""

from dataclasses import replace

import pytest

from evals.suite import Asked, checked, suites
from mom.errors import BadInput
from mom.settings import Settings


@pytest.mark.parametrize(
    ("suite", "given", "message"),
    [
        ("milling", {"data": "nowhere"}, "nowhere: there is no such folder. Suite milling needs a folder with a CSV"),
        ("cnc-lathe", {"data": "file.csv"}, "file.csv: is no folder. Suite cnc-lathe needs a folder with normal/"),
        ("cnc-lathe", {"plants": 3}, "--plants: suite cnc-lathe draws no plants"),
        ("losses", {"plants": 0}, "--plants 0: expected 1 or more"),
        ("losses", {"data": "nowhere"}, "suite losses draws its own"),
        ("milling", {"row": "one"}, "one: suite milling has no cases by name"),
    ],
)
def test_what_a_suite_has_no_use_for_is_refused(tmp_path, suite, given, message):
    (tmp_path / "file.csv").touch()
    given = {**given, **({"data": tmp_path / given["data"]} if "data" in given else {})}
    asked = replace(Asked(Settings(), tmp_path, lambda words: None), **given)
    with pytest.raises(BadInput) as error:
        checked(suites()[suite], asked)
    assert message in str(error.value)
