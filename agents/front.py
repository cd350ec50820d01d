"""The door into the agents: a question from anywhere, answered by the front desk with the model that is configured."""

from uuid import UUID

from agents.answer import Answer
from agents.asking import Asking
from agents.loop import ask
from agents.model import choose
from agents.roster import FRONT_DESK, agents


async def answer(text: str, asking: Asking, *, run_id: UUID | None = None) -> Answer:
    """Raises BadInput (empty or too long), Conflict (the run is another question's, or goes on elsewhere)."""
    return await ask(agents()[FRONT_DESK], text, asking, choose(asking.settings, asking.agents_off), run_id=run_id)
