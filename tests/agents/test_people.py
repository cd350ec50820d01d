"""Asked in the chat who is slowest: a refusal that says whose decision it is."""

from agents.loop import ask
from agents.planner.planner import Planner
from agents.roster import agents


async def test_a_person_is_not_named_in_the_chat(asking):
    answer = await ask(agents()["front_desk"], "Which operator is slowest?", asking, Planner())
    assert answer.status == "done"
    assert "Figures of single persons are not shown: in this plant nobody may see them." in answer.text
    assert "people: visible_to" in answer.text
