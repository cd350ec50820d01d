"""Text from outside stays text: script-injection payloads in everything that a page shows, none runs.

The browser's content security policy is switched off here, so that escaping alone must hold. A page that puts the same
payloads in raw shows first that they would run.
"""

import json
from datetime import timedelta
from itertools import islice, product
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page
from sqlalchemy import select, update

from agents.answer import Answer, Citation, Understood
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

WRAPS = ("{}", '">{}', "'>{}", "</title></textarea></script>{}", '<!-- -->]]>{}<p class="')
CORES: list[str] = json.loads((Path(__file__).parent / "payloads.json").read_text())
LONG, SHORT = 300, 60


def payloads(count: int) -> list[str]:
    """The first `count` of every core in every wrap, the cores varying first."""
    every = islice(product(WRAPS, CORES), count)
    return [wrap.replace("{}", core).replace("{n}", str(n)) for n, (wrap, core) in enumerate(every)]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [SHORT, pytest.param(LONG, marks=pytest.mark.slow)])
async def test_no_payload_runs_on_any_page(web, browser: Browser, count):
    assert len(CORES) * len(WRAPS) >= LONG
    texts = payloads(count)
    page, ran = await watched(browser)
    await page.set_content("".join(f"<div>{text}</div>" for text in texts))
    await page.wait_for_timeout(1000)
    assert len(set(ran)) > count // 4, "the payloads do not run even where nothing stops them"

    known = await plant(web, texts)
    page, ran = await watched(browser)
    client = await web.client("supervisor")
    await page.context.add_cookies([{"name": "lineside", "value": client.cookies["lineside"], "url": web.url}])
    await page.goto(f"{web.url}/improvement")
    await page.evaluate("id => sessionStorage.setItem('conversation', id)", known["conversation"])
    shown = 0
    for path in paths(known):
        reply = await page.goto(web.url + path)
        assert reply
        assert reply.status == 200, path
        body = await page.inner_text("body")
        shown += sum(text in body for text in texts[:5])
        assert ran == [], path
    await in_the_chat(page, web.url, texts)
    await in_the_sheet(page, known)
    assert shown > 20, "the payloads were not on the pages"
    assert ran == []
    foreign = await page.evaluate(
        "[...document.scripts].filter(s => !s.src.startsWith(location.origin + '/static/')).length"
    )
    assert foreign == 0


async def watched(browser: Browser) -> tuple[Page, list[str]]:
    """A page without a policy, and what runs on it."""
    context = await browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 900})
    ran: list[str] = []
    await context.expose_function("ran", lambda n=None: ran.append(str(n)))
    page = await context.new_page()
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    return page, ran


def paths(known: dict) -> list[str]:
    nouns = ("states", "stops", "losses", "notes", "gaps", "waiting", "tasks", "proposals", "effects")
    some = slice(0, None, max(len(known["losses"]) // 6, 1))
    return [
        "/", "/losses?days=7", "/proposals", "/improvement", "/reports", "/data", "/docs",
        *(f"/data/rows/{noun}?equipment=works/line-1" for noun in nouns),
        *(f"/losses/{number}" for number in known["losses"][some]),
        *(f"/proposals/{number}" for number in known["proposals"][some]),
        *(f"/proposals/{number}/edit" for number in known["proposals"][some]),
        "/no/such/%3Cimg%20src=x%20onerror=ran(1)%3E?x=%3Cscript%3Eran(1)%3C/script%3E",
    ][:-1]  # fmt: skip


async def in_the_chat(page: Page, url: str, texts: list[str]) -> None:
    """The kept conversation is shown again; then some payloads are asked."""
    await page.goto(url + "/")
    await page.wait_for_selector(".reply")
    for text in texts[:: max(len(texts) // 4, 1)]:
        await page.fill("#ask", f"How is {text} now?")
        await page.click("[data-ask-form] button")
        await page.wait_for_selector("[data-ask-form] button:not([disabled])", timeout=60_000)


async def in_the_sheet(page: Page, known: dict) -> None:
    """Rows opened in the side sheet."""
    for number in known["losses"][:: max(len(known["losses"]) // 6, 1)]:
        await page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + f"/losses/{number}")
        await page.click(f"[data-row='loss:{number}']")
        await page.wait_for_selector("dialog[data-sheet] dl.facts")


async def plant(web, texts: list[str]) -> dict:
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
