"""The suite of losses: how money is judged, and its short form on one plant of a seed that is for building."""

from pathlib import Path

import pytest

from evals.losing import measured
from evals.money import Told, scores
from evals.money_calibration import calibrated
from evals.suites.losses import joined

SEED = 104


def told(stated, low, high, true, **more):
    facts = {"seed": 1, "name": "t1", "trouble": "breakdown", "equipment": "line-1/m1", "rows": (1,), "kind": "breakdown",
             "method": "replay", "minute": 10.0, "line_second": 0.1}  # fmt: skip
    return Told(stated=stated, low=low, high=high, true=true, **(facts | more))


def test_an_error_is_relative_to_the_truth_or_to_a_minute_of_the_line():
    assert told(120, 100, 140, 100).error == pytest.approx(0.2)
    assert told(5, 0, 9, 0).error == pytest.approx(0.5)
    assert told(120, 100, 140, 100).held
    assert not told(120, 102, 140, 100).held


def test_scores_of_what_is_told_rightly_and_of_what_is_told_in_reverse():
    right = scores([told(100 * i, 90 * i, 110 * i, 100 * i) for i in range(1, 12)])
    assert right.scores == {"money_rank": pytest.approx(1.0), "money_error": 0.0, "money_interval": 1.0}
    wrong = scores([told(1200 - 100 * i, 0, 1, 100 * i) for i in range(1, 12)])
    assert wrong.scores["money_rank"] == pytest.approx(-1.0)
    assert wrong.scores["money_interval"] == 0.0


def test_bands_hold_ninety_of_a_hundred():
    some = [told(100, 0, 0, 100 * (0.7 + 0.6 * i / 99)) for i in range(100)]
    band = calibrated(some)["replay"]["breakdown"]
    scale = 100 + 180 * 0.1
    inside = sum(100 + band["low"] * scale <= one.true <= 100 + band["high"] * scale for one in some)
    assert 88 <= inside <= 92
    assert calibrated(some)["replay"]["any"]["troubles"] == 100


def test_on_one_plant_losses_are_priced_near_what_they_cost(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    said: list[str] = []
    plants = measured([SEED], tmp_path, said.append, finding=True, processes=1)
    assert said
    result = joined(plants)
    assert result.cases >= 3
    assert {"precision", "recall", "money_rank", "money_error", "money_interval"} <= result.scores.keys()
    assert result.scores["money_rank"] > 0.5
    replayed = [one for one in plants[0].told if one.method == "replay"]
    assert replayed
    assert all(one.low <= one.stated <= one.high for one in replayed)
