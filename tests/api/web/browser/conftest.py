"""A real Chromium, and a store in which every text is what the test gives."""

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Browser, async_playwright
from sqlalchemy import select, update

from agents.answer import Answer, Citation, Understood
from api.commands.test import find_browser
from mom import clock
from mom.blocks import ChartBlock, Column, FigureBlock, Lane, TableBlock, TimelineBlock
from mom.caller import Caller
from mom.models import (
    AgentRun,
    Conversation,
    Effect,
    Equipment,
    Gap,
    ImprovementTask,
    Link,
    Loss,
    Note,
    Site,
    StateInterval,
    Stop,
    User,
    WaitingItem,
)  # fmt: skip
from mom.proposals.propose import propose


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium; without one the test is skipped (in CI: fails)."""
    path = find_browser()
    if path is None:
        said = "no Chromium here: install one (Debian: apt-get install chromium)"
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    async with async_playwright() as playwright:
        words = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        running = await playwright.chromium.launch(executable_path=path, args=words)
        yield running
        await running.close()


@pytest.fixture
def planted(web) -> Callable[[list[str]], Awaitable[dict]]:
    """`await planted(texts)`: each text in every kind of thing that comes from outside; the ids of what a page shows."""
    return lambda texts: _plant(web, texts)


async def _plant(web, texts: list[str]) -> dict:
    """Every payload in every kind of text that comes from outside."""
    now = clock.now()
    known: dict = {"losses": [], "proposals": []}
    async with web.store.write.begin() as session:
        line, filler = [
            await session.scalar(select(Equipment).where(Equipment.site_id == web.site_id, Equipment.code == code))
            for code in ("line-1", "filler")
        ]
        await session.execute(update(Site).where(Site.id == web.site_id).values(name=texts[1]))
        await session.execute(update(Equipment).where(Equipment.id.in_([line.id, filler.id])).values(name=texts[0]))
        await session.execute(update(User).where(User.id == web.users["supervisor"]).values(name=texts[2]))
        for n, text in enumerate(texts):
            machine = Equipment(
                site_id=web.site_id, parent_id=line.id, path=f"{line.path}/m{n}", code=f"m{n}", name=text,
                level="work_unit", position=n + 5, aliases=[text], parts=[text], ideal_rate=10,
            )  # fmt: skip
            session.add(machine)
            await session.flush()
            known["losses"].append(await _history(session, web.site_id, machine.id, text, n, now))
            await _records(session, web.site_id, machine, text, n, now)
        known["conversation"] = await _talk(session, web, texts, now)
    for n, text in enumerate(texts):
        async with web.store.write.begin() as session:
            payload = {"title": text, "equipment": "line-1/capper", "minutes": 30, "text": text}
            made = await propose(
                session, caller=Caller(web.site_id, None, "test"), agent="maintenance_planner", action="maintenance_order",
                payload=payload, rationale=f"{n} {text}", expected_effect=text, now=now,
            )  # fmt: skip
            known["proposals"].append(made.id)
    return known


async def _history(session, site: int, machine: int, text: str, n: int, now) -> int:
    began = now - timedelta(minutes=30)
    here = {"site_id": site, "equipment_id": machine, "started_at": began}
    session.add(StateInterval(**here, state="Held", detail=text, mode=""))
    session.add(Stop(**here, state="Held", reason=text, reason_by="person"))
    loss = Loss(**here, rule="stop", kind="breakdown", key=f"k{n}", title=text, reason=text, found_at=now, updated_at=now, seconds=60,
                units=1, money=5, causes={"text": text})  # fmt: skip
    session.add(loss)
    await session.flush()
    return loss.id


async def _records(session, site: int, machine: Equipment, text: str, n: int, now) -> None:
    session.add(
        Note(
            site_id=site,
            source="shift_book",
            key=f"n{n}",
            equipment=machine.path,
            author=text,
            crew=text,
            text=text,
            at=now,
        )
    )
    session.add(
        WaitingItem(
            site_id=site,
            source=text,
            noun=text,
            key=str(n),
            digest=str(n),
            body=json.dumps(text),
            field=text,
            reason=text,
        )
    )
    session.add(Link(site_id=site, connector=f"{text}{n}", protocol=text, state="lost", since=now, detail=text))
    session.add(Gap(site_id=site, connector=text, started_at=now, reason=text, detail=text))
    task = ImprovementTask(
        site_id=site, equipment_id=machine.id, title=text, countermeasure=text, measure=text, reason=text, unit=text, baseline=1,
        owner=text, due_on=now.date(), check_on=now.date(),
    )  # fmt: skip
    session.add(task)
    await session.flush()
    session.add(
        Effect(
            site_id=site,
            task_id=task.id,
            before=1,
            after=2,
            difference=1,
            low=0,
            high=2,
            unit=text,
            verdict=text,
            checked_at=now,
        )
    )


async def _talk(session, web, texts: list[str], now) -> str:
    """A conversation in which everything that an answer can hold is a payload."""
    conversation = Conversation(id=uuid4(), site_id=web.site_id, user_id=web.users["supervisor"], title=texts[0])
    session.add(conversation)
    await session.flush()
    for n, text in enumerate(texts):
        run = uuid4()
        figure = {"name": text, "title": text, "value": None, "unit": text, "from": now.isoformat(), "to": now.isoformat(), "coverage": 0.5,
                  "missing": [text], "note": text, "definition": text, "source": {"rows": 1, "query": text}}  # fmt: skip
        answer = Answer(
            run_id=str(run), agent="front_desk", model=text, text=f"{text} [1]\n\n* {text}\n\n| a |\n|---|\n| {text} |", note=text,
            citations=(Citation(n=1, ref=text, text=text),), understood=(Understood(name="x", value=text, title=text),), follow_ups=(text,),
            blocks=(
                FigureBlock(figure=figure),
                TableBlock(title=text, columns=(Column(key="a", title=text, unit=text),), rows=({"a": text},), refs=(text,), source=text),
                TableBlock(title=text, columns=(Column(key="a", title=text),), rows=(), empty=text),
                TimelineBlock(title=text, start=now, end=now + timedelta(hours=1), lanes=(Lane(equipment=text, name=text, bands=()),)),
                ChartBlock(title=text, spec={"mark": "bar", "data": {"values": [{"a": text}]}}, text=text),
            ),
        )  # fmt: skip
        session.add(
            AgentRun(id=run, site_id=web.site_id, conversation_id=conversation.id, agent="front_desk", model="built-in", question=text,
                     status="done", answer=answer.as_json(), started_at=now + timedelta(seconds=n))
        )  # fmt: skip
    return str(conversation.id)
