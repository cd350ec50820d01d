"""A loss that was just found: explain it, propose what the evidence carries, tell. Called by the worker, asked by nobody."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from agents.answer import Answer
from agents.asking import Asking, Sessions
from agents.loop import ask
from agents.planner.planner import Planner
from agents.roster import agents
from mom.caller import Caller
from mom.errors import NotFound
from mom.events import emit
from mom.models import Loss, Site
from mom.settings import Settings

AGENT = "maintenance_planner"


async def triage(store: Sessions, loss_id: int, settings: Settings, now: datetime) -> Answer | None:
    """Diagnose the loss, propose the remedy if the evidence is sufficient, write the diagnosis to the loss, emit `loss.explained`.

    The built-in planner does it also where a model is configured: it runs often, and must do the same each time. The run's id
    follows from the loss: called again after a kill it goes on, called again after its end it changes nothing. None: the loss
    has been superseded or dismissed meanwhile. Raises NotFound.
    """
    async with store.read() as session:
        loss = await session.get(Loss, loss_id)
        if loss is None:
            raise NotFound(f"There is no loss {loss_id}.")
        site = await session.get_one(Site, loss.site_id)
    if loss.superseded_at is not None or loss.status == "dismissed":
        return None
    caller = Caller(site.id, None, "triage")
    asking = Asking(store, caller, now, ZoneInfo(site.time_zone), settings)
    question = f"What should we do about loss:{loss_id}?"
    answer = await ask(agents()[AGENT], question, asking, Planner(), run_id=run_of(site.id, loss_id))
    await _tell(store, loss_id, answer)
    return answer


def run_of(site_id: int, loss_id: int) -> UUID:
    """The same for the same loss."""
    return uuid5(NAMESPACE_URL, f"lineside:triage:{site_id}:{loss_id}")


async def _tell(store: Sessions, loss_id: int, answer: Answer) -> None:
    """Once: the loss has its explanation, and listeners hear of it."""
    async with store.write.begin() as session:
        loss = await session.get(Loss, loss_id, with_for_update=True)
        if loss is None or loss.causes.get("run") == answer.run_id:
            return
        refs = [citation.ref for citation in answer.citations]
        loss.causes = {"run": answer.run_id, "text": answer.text, "refs": refs, "status": answer.status}
        if loss.status == "new" and answer.status == "done":
            loss.status = "explained"
        body = {"title": loss.title, "run": answer.run_id, "proposals": [r for r in refs if r.startswith("proposal:")]}
        await emit(session, loss.site_id, "loss.explained", f"loss:{loss_id}", body)
