"""A run whose process was killed for good ends with a clear word."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from agents.leftovers import WORD, end_leftovers
from agents.loop import ask
from agents.roster import agents
from mom.models import AgentRun


class Killed(BaseException):
    pass


async def test_a_run_that_was_never_carried_on_ends_with_a_word(asking, now):
    class Dies:
        name = "dies"

        async def __call__(self, messages, tools, on_text):
            raise Killed

    run_id, talk = uuid4(), replace(asking, conversation_id=uuid4())
    with pytest.raises(Killed):
        await ask(agents()["front_desk"], "How is line 1?", talk, Dies(), run_id=run_id)
    assert await end_leftovers(asking.store, now + timedelta(minutes=1)) == 0
    assert await end_leftovers(asking.store, now + timedelta(hours=1)) == 1
    assert await end_leftovers(asking.store, now + timedelta(hours=1)) == 0
    async with asking.store.read() as session:
        run = await session.get_one(AgentRun, run_id)
        assert (run.status, run.answer["text"]) == ("failed", WORD)
    again = await ask(agents()["front_desk"], "How is line 1?", talk, Dies(), run_id=run_id)
    assert again.text == WORD
