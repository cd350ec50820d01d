"""Ask, and hear the answer as it is made. The run goes on when the listener leaves; only a whole answer is kept."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import select

from api.door import CallerNow, StoreNow
from api.sse import BEAT, HEADERS, event
from mom import clock
from mom.actions.action import seen
from mom.caller import Caller
from mom.database.access import Store
from mom.errors import LinesideError, NotFound
from mom.models import AgentRun, Conversation
from mom.store.equipment import site_of
from mom.switches import is_on

log = structlog.get_logger()
router = APIRouter()
BEAT_S = 10.0
TITLE = 80


class Question(BaseModel):
    """`conversation_id`: of an earlier answer, to go on with it."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, BeforeValidator(seen), Field(min_length=1, max_length=4000)]
    conversation_id: UUID | None = None


@router.post("/api/v1/chat")
async def chat(
    question: Question, request: Request, store: StoreNow, caller: CallerNow, form: Literal["json", "html"] = "json"
) -> StreamingResponse:
    """Server-sent events: run, step, tool, text, block, done (the whole answer) or error. `form=html` adds `html`."""
    conversation = await _conversation(store, caller, question)
    run_id = uuid4()
    heard: asyncio.Queue[tuple[str, dict[str, Any]] | None] = asyncio.Queue()
    heard.put_nowait(("run", {"run_id": str(run_id), "conversation_id": str(conversation)}))
    task = asyncio.create_task(_answer(request, store, caller, question.text, conversation, run_id, form, heard))
    request.app.state.runs.add(task)
    task.add_done_callback(request.app.state.runs.discard)
    return StreamingResponse(_stream(heard), headers=HEADERS, media_type="text/event-stream")


@router.get("/api/v1/conversations/{conversation_id}")
async def conversation(conversation_id: UUID, store: StoreNow, caller: CallerNow) -> list[dict[str, Any]]:
    """The questions and whole answers of a conversation of the caller's own."""
    return [{"question": run.question, "answer": run.answer} for run in await _turns(store, caller, conversation_id)]


@router.get("/parts/conversations/{conversation_id}", include_in_schema=False)
async def conversation_part(
    conversation_id: UUID, request: Request, store: StoreNow, caller: CallerNow
) -> HTMLResponse:
    from agents.answer import Answer
    from api.web.answer import answer_html

    turns = []
    for run in await _turns(store, caller, conversation_id):
        answer = Answer.model_validate(run.answer)
        turns.append({"question": run.question, "answer": answer, "html": answer_html(answer)})
    page = request.app.state.pages.get_template("parts/turns.html").render(turns=turns)
    return HTMLResponse(page)


async def _conversation(store: Store, caller: Caller, question: Question) -> UUID:
    """The conversation to go on with, or a new one."""
    async with store.write.begin() as session:
        if question.conversation_id is not None:
            found = await session.get(Conversation, question.conversation_id)
            if found is None or (found.site_id, found.user_id) != (caller.site_id, caller.user_id):
                raise NotFound("There is no such conversation of yours.", remedy="Start a new one.")
            return found.id
        made = Conversation(id=uuid4(), site_id=caller.site_id, user_id=caller.user_id, title=question.text[:TITLE])
        session.add(made)
        return made.id


async def _turns(store: Store, caller: Caller, conversation_id: UUID) -> list[AgentRun]:
    async with store.read() as session:
        found = await session.get(Conversation, conversation_id)
        if found is None or (found.site_id, found.user_id) != (caller.site_id, caller.user_id):
            raise NotFound("There is no such conversation of yours.", remedy="Start a new one.")
        query = select(AgentRun).where(
            AgentRun.conversation_id == conversation_id, AgentRun.parent_id.is_(None), AgentRun.answer.is_not(None)
        )
        return list(await session.scalars(query.order_by(AgentRun.started_at)))


async def _answer(
    request: Request, store: Store, caller: Caller, text: str, conversation_id: UUID, run_id: UUID, form: str,
    heard: asyncio.Queue[tuple[str, dict[str, Any]] | None],
) -> None:  # fmt: skip
    """Run the front desk to its end, telling `heard` what happens; None is the end."""
    from agents.asking import Asking
    from agents.front import answer

    async def told(happened: Any) -> None:
        heard.put_nowait((happened.type, _shown(request, happened, form)))

    try:
        async with store.read() as session:
            zone = ZoneInfo((await site_of(session, caller.site_id)).time_zone)

        async def off() -> bool:
            async with store.read() as session:
                return not await is_on(session)

        settings = request.app.state.settings
        asking = Asking(store, caller, clock.now(), zone, settings, conversation_id, told, off)
        await answer(text, asking, run_id=run_id)
    except LinesideError as error:
        heard.put_nowait(("error", {"detail": str(error)}))
    except asyncio.CancelledError:
        heard.put_nowait(("error", {"detail": "The server is stopping. Ask again in a moment."}))
        raise
    except Exception as error:
        log.error("an answer failed", run=str(run_id), exc_info=error)
        said = f"Something went wrong on our side. Ask again, or tell us this number: {run_id}."
        heard.put_nowait(("error", {"detail": said}))
        raise
    finally:
        heard.put_nowait(None)


def _shown(request: Request, happened: Any, form: str) -> dict[str, Any]:
    """The event as JSON; for our page with the piece of page that shows it."""
    data: dict[str, Any] = happened.model_dump(mode="json")
    if form == "html" and happened.type == "block":
        data["html"] = request.app.state.pages.get_template("parts/block.html").render(b=happened.block)
    if form == "html" and happened.type == "done":
        from api.web.answer import answer_html

        data["html"] = answer_html(happened.answer)
    return data


async def _stream(heard: asyncio.Queue[tuple[str, dict[str, Any]] | None]) -> AsyncIterator[str]:
    while True:
        try:
            happened = await asyncio.wait_for(heard.get(), BEAT_S)
        except TimeoutError:
            yield BEAT
            continue
        if happened is None:
            return
        yield event(*happened)
