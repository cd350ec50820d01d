"""A plant of which nothing was heard yet: every kind of question has an answer that says so, none breaks."""

from agents.loop import ask
from agents.planner.planner import Planner, intents
from agents.roster import agents


async def test_every_example_is_answered_without_any_history(asking):
    for intent in intents().values():
        for example in intent.examples:
            answer = await ask(agents()["front_desk"], example, asking, Planner())
            assert answer.status == "done", example
            assert answer.text.strip(), example
            invented = [answer.text[start:end] for start, end in answer.checked.unsupported]
            assert invented == [], (example, answer.text)
            assert not answer.text.startswith("I did not understand"), example


async def test_a_state_that_was_never_heard_is_not_guessed(asking):
    answer = await ask(agents()["front_desk"], "How is line 1 now?", asking, Planner())
    assert "I cannot tell, nothing was heard of it" in answer.text
    assert "OEE of this shift so far: —" in answer.text
