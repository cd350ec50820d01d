"""Text from outside stays text: script-injection payloads in everything that a page shows, none runs.

The browser's content security policy is switched off here, so that escaping alone must hold. A page that puts the same
payloads in raw shows first that they would run.
"""

import json
import os
from itertools import islice, product
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

WRAPS = ("{}", '">{}', "'>{}", "</title></textarea></script>{}", '<!-- -->]]>{}<p class="')
CORES: list[str] = json.loads((Path(__file__).parent / "payloads.json").read_text())
COUNT = int(os.environ.get("LINESIDE_PAYLOADS", "60"))  # 300 in the long form


def payloads(count: int) -> list[str]:
    """The first `count` of every core in every wrap, the cores varying first."""
    every = islice(product(WRAPS, CORES), count)
    return [wrap.replace("{}", core).replace("{n}", str(n)) for n, (wrap, core) in enumerate(every)]


@pytest.mark.timeout(600)
async def test_no_payload_runs_on_any_page(web, browser: Browser, planted):
    assert len(CORES) * len(WRAPS) >= COUNT
    texts = payloads(COUNT)
    page, ran = await watched(browser)
    for at in range(0, COUNT, 10):  # an open tag swallows what follows it: a few on each page
        await page.set_content("".join(f"<div>{text}</div>" for text in texts[at : at + 10]))
        await page.wait_for_timeout(150)
    assert len(set(ran)) > COUNT // 4, "the payloads do not run even where nothing stops them"

    known = await planted(texts)
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
    await page.wait_for_selector(".reply", timeout=120_000)
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
