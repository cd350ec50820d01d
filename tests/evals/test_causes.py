"""The suite of causes: it runs on drawn plants, and it can fail."""

from pathlib import Path

import pytest

from evals.interval import shares, wilson
from evals.suite import Asked
from evals.suites.causes import SUITE_CAUSES, Judged, reliability, result
from mom.settings import Settings


def judged(right: bool = True, answered: bool = True, knowable: bool = True, chance: float = 0.9) -> Judged:
    return Judged(1, "minor_lot", knowable, right, answered, right, "said", "wanted", ((chance, right),), 0.1)


def test_a_wrong_answer_and_an_unknowable_that_is_answered_lower_the_scores() -> None:
    told = result([judged(), judged(right=False), judged(knowable=False, right=False)], 1, 1)
    assert (told.scores["first_right"], told.scores["refused"]) == (0.5, 0.0)
    assert len(told.failures) == 2
    assert not told.right


def test_what_is_called_likely_and_is_seldom_right_shows_as_a_gap() -> None:
    rows = [judged(right=n % 2 == 0, chance=0.95) for n in range(40)]
    (told,) = reliability(rows)
    assert (told["candidates"], told["said"], told["right"]) == (40, pytest.approx(0.95), 0.5)
    assert result(rows, 1, 1).scores["calibration"] == pytest.approx(0.45)


def test_the_interval_of_a_share_holds_it_and_narrows() -> None:
    few, many = wilson(9, 10), wilson(900, 1000)
    assert few[0] < many[0] < 0.9 < many[1] < few[1] <= 1.0
    assert wilson(0, 0) == (0.0, 1.0)


def test_what_nothing_was_asked_of_has_no_score_and_reaches_no_aim() -> None:
    assert shares({"a": (0, 0), "b": (1, 2)})[0] == {"b": 0.5}
    told = result([judged()], 1, 1)
    assert told.scores.keys() == {"first_right", "right_and_answered", "wrong_and_answered"}
    assert [told.reaches(name) for name in ("first_right", "refused", "calibration")] == [True, False, False]
    assert not told.right


def test_a_right_cause_that_is_not_told_and_a_trouble_without_a_loss_show() -> None:
    told = result([judged(), judged(answered=False)], 1, 1, (1, 4))
    assert (told.scores["first_right"], told.scores["right_and_answered"]) == (1.0, 0.5)
    assert told.scores["without_a_row"] == 0.25


@pytest.mark.timeout(300)
async def test_the_short_form_explains_the_troubles_of_a_drawn_plant(home: Path) -> None:
    """Scores of so few troubles are no estimate: that most are right shows that troubles and losses are matched."""
    home.parent.mkdir(exist_ok=True)
    asked = Asked(Settings(), home.parent, lambda words: None, short=True, seed=1, plants=1)
    told = await SUITE_CAUSES.run(asked)
    assert told.cases >= 3
    assert told.scores["first_right"] >= 0.5
    assert told.scores["wrong_and_answered"] <= 0.34
