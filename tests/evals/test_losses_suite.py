"""The suite of losses: how money is judged, and its short form on one plant of a seed that is for building."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from evals.finding.many_plants import summed
from evals.finding.one_plant import Scored
from evals.losing import measured
from evals.money.calibration import calibrated
from evals.money.told import Told, scores
from evals.suite import Asked, checked, suites
from evals.suites.losses import SUITE_LOSSES, joined
from mom.errors import BadInput, NotFound
from mom.settings import Settings

SEED = 104


def told(stated, low, high, true, **more):
    facts = {"seed": 1, "name": "t1", "trouble": "breakdown", "equipment": "line-1/m1", "rows": (1,), "kind": "breakdown",
             "method": "replay", "minute": 10.0, "line_second": 0.1}  # fmt: skip
    return Told(stated=stated, low=low, high=high, true=true, **(facts | more))


def test_an_error_is_relative_to_the_truth_or_to_a_minute_of_the_line():
    assert told(120, 100, 140, 100).error == pytest.approx(0.2)
    assert told(5, 0, 9, 0).error == pytest.approx(0.5)
    assert told(120, 100, 140, 100).held
    assert not told(120, 101, 140, 100).held
    assert told(0, 0, 30, -4).held, "a cost below nothing is none"
    assert not told(40, 20, 60, -4).held


def test_scores_of_what_is_told_rightly_and_of_what_is_told_in_reverse():
    right = scores([told(100 * i, 90 * i, 110 * i, 100 * i) for i in range(1, 12)])
    assert right.scores == {"money_rank": pytest.approx(1.0), "money_error": 0.0, "money_interval": 1.0}
    wrong = scores([told(1200 - 100 * i, 0, 1, 100 * i) for i in range(1, 12)])
    assert wrong.scores["money_rank"] == pytest.approx(-1.0)
    assert wrong.scores["money_interval"] == 0.0


def test_of_nothing_there_is_no_score_and_no_aim_is_reached():
    nothing = joined([])
    assert not nothing.scores
    assert not nothing.right and not nothing.reaches("precision") and not nothing.reaches("delay_s")
    assert "money_rank" not in scores([told(1, 0, 2, 1), told(2, 1, 3, 2)]).scores


def found(delays, alerts=0):
    return Scored(1, {"set_up_tool": (1, 2)}, {"stop": (8, 8), "drift": (1, 2)}, {"drift": [60.0]}, alerts, 2.0, delays)


def test_a_live_row_that_does_not_come_is_endless_not_left_out():
    one = summed([found([0.5, 0.7, math.inf])])
    assert (one.scores["delay_s"], one.scores["delay_missed"]) == (0.7, pytest.approx(1 / 3))
    most = summed([found([0.5, math.inf, math.inf])])
    assert "delay_s" not in most.scores and most.scores["delay_missed"] > 0.5


def test_precision_without_stops_and_alerts_of_quiet_hours():
    one = summed([found([0.1], alerts=5)])
    assert (one.scores["precision"], one.scores["precision_without_stops"]) == (0.9, 0.5)
    assert one.scores["alerts_an_hour"] == 2.5
    assert any("drift 60 s of 1" in note for note in one.notes)
    assert one.scores["lag_s_drift"] == one.scores["lag_s"] == 60.0


async def test_a_kind_of_trouble_that_is_not_there_is_refused_before_a_plant_is_drawn(tmp_path: Path) -> None:
    asked = Asked(Settings(), tmp_path, lambda words: None, row="nonsense")
    with pytest.raises(NotFound, match="nonsense"):
        await SUITE_LOSSES.run(checked(SUITE_LOSSES, asked))
    bottleneck = suites()["bottleneck"]
    with pytest.raises(BadInput, match="no cases by name"):
        checked(bottleneck, replace(asked, row="line-1"))


def test_bands_hold_a_little_more_than_ninety_of_a_hundred():
    some = [told(100, 0, 0, 100 * (0.7 + 0.6 * i / 99)) for i in range(100)]
    band = calibrated(some)["replay"]["breakdown"]
    scale = 100 + 180 * 0.1
    inside = sum(100 + band["low"] * scale <= one.true <= 100 + band["high"] * scale for one in some)
    assert 90 <= inside <= 95
    assert calibrated(some)["replay"]["any"]["troubles"] == 100


def test_on_one_plant_losses_are_priced_near_what_they_cost(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    said: list[str] = []
    plants = measured([SEED], tmp_path, said.append, finding=True, processes=1)
    assert said
    result = joined(plants)
    assert result.cases >= 3
    assert {"precision", "recall", "money_rank", "money_error", "money_interval"} <= result.scores.keys()
    assert result.scores["delay_missed"] == 0, "this plant's past ends between shifts: its machines are told to run"
    assert "delay_s" in result.scores and "alerts_an_hour" in result.scores
    assert result.scores["money_rank"] > 0.5
    replayed = [one for one in plants[0].told if one.method == "replay"]
    assert replayed
    assert all(one.low <= one.stated <= one.high for one in replayed)
