"""The cases are well-formed; a short form of them is right on a simulated plant, its figures recomputed by other code."""

from pathlib import Path

import pytest

from agents.planner.planner import Planner
from agents.roster import agents, specialists
from evals.chat.evaluators import REFUSALS
from evals.chat.run import load, run, suites
from evals.chat.truth import TRUTHS
from evals.plant import NOW, build
from mom.errors import NotFound
from mom.plant.load import load_plant
from mom.plant.tree import equipment_of
from mom.settings import ROOT, Settings
from tools.moments import Moments
from tools.when import understand

SHORT = (
    "status line 1",
    "why capper",
    "most yesterday",
    "compare lines",
    "scrap night",
    "orders late",
    "past seen",
    "oee yesterday",
    "good pieces",
    "stops today",
    "handover",
    "open task",
    "order repair",
    "repair of what",
    "joke",
    "unknown line",
    "and line 1",
)


def test_every_case_names_things_that_exist():
    plant = load_plant(ROOT / "plant.yaml")
    moments = Moments(NOW, plant.zone, plant.calendar)
    tools = {tool.name for agent in agents().values() for tool in (*agent.tools, *specialists(agent))}
    cases = load("chat").cases
    assert len(cases) >= 60
    assert len({case.name for case in cases}) == len(cases)
    assert len({case.inputs.question for case in cases}) == len(cases)
    for case in cases:
        expect = case.metadata
        assert set(expect.tools) <= tools, case.name
        places = [*expect.about, *(figure.equipment for figure in expect.figures)]
        assert set(places) <= set(equipment_of(plant)), case.name
        assert all(figure.figure in TRUTHS for figure in expect.figures), case.name
        for words in (expect.window, *(figure.when for figure in expect.figures)):
            assert words is None or len(understand(words, moments)) == 1, (case.name, words)
    assert set(SHORT) <= {case.name for case in cases}
    assert REFUSALS


def test_an_unknown_suite_or_row_is_refused_by_name():
    assert "chat" in suites()
    with pytest.raises(NotFound, match="There are: chat"):
        load("nothing")
    with pytest.raises(NotFound, match="no row 'nothing'"):
        load("chat", "nothing")


@pytest.mark.timeout(240)
async def test_a_short_form_is_right(database, tmp_path: Path):
    """Three days of past in the place of twelve: what looks further back is left to the long form."""
    from mom.records.written import load_records

    settings = Settings()
    built = await build(database, settings, load_records, tmp_path, days=3)
    dataset = load("chat")
    dataset.cases = [case for case in dataset.cases if case.name in SHORT]
    result = await run(database, settings, built, Planner(), dataset)
    assert result["failures"] == []
    assert (result["suite"], result["passed"]) == ("chat", len(SHORT))
    assert result["scores"]["RightFigures"] == result["scores"]["NothingElseChanged"] == 1.0


async def test_a_run_that_is_wrong_is_seen_to_be(database, tmp_path: Path, monkeypatch):
    """The evaluators can fail: a model that says one made-up thing fails what it should."""

    class Liar:
        name = "liar"

        async def __call__(self, messages, tools, on_text):
            from agents.agent import Reply

            return Reply({"role": "assistant", "content": "Line 1 made 12,345 bottles with an OEE of 99.9 %."})

    from mom.records.written import load_records

    built = await build(database, Settings(), load_records, tmp_path, days=0.3)
    dataset = load("chat")
    dataset.cases = [case for case in dataset.cases if case.name in ("good pieces", "joke", "order repair")]
    result = await run(database, Settings(), built, Liar(), dataset)
    assert result["passed"] == 0
    wrong = {name for failure in result["failures"] for name in failure["wrong"]}
    assert {"RightTool", "RightFigures", "NoInventedNumber", "RightRefusal", "RightProposal"} <= wrong
