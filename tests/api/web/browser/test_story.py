"""The whole loop as a supervisor lives it: see a loss, ask why, open the rows, approve, and the order arrives."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

ROOT = Path(__file__).resolve().parents[4]
READY_S = 400
"""A generous wait: machines that run tests are busy."""
PATIENCE_MS = 90_000


@dataclass
class Demo:
    """A demo that runs: its address, its home, and a sign-in link for each who was greeted."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    links: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if "/sign-in?token=" in line:
                words = line.split()
                self.links[words[3]] = words[-1]

    def read_errors(self) -> None:
        assert self.process.stderr
        self.errors.extend(self.process.stderr)


@pytest.fixture
def demo(home: Path) -> Iterator[Demo]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LINESIDE_", "OPENAI_"))}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "LINESIDE_HOME": str(home)}
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "api", "demo", "--port", str(port), "--days", "3"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    running = Demo(f"http://127.0.0.1:{port}", home, process)
    for target in (running.read, running.read_errors):
        threading.Thread(target=target, daemon=True).start()
    try:
        end = time.monotonic() + READY_S
        while len(running.links) < 2:
            assert process.poll() is None, "".join(running.errors)
            assert time.monotonic() < end, "not ready in time: " + "".join(running.errors)
            time.sleep(0.2)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.mark.timeout(900)
async def test_from_a_loss_to_an_order_in_the_maintenance_system(demo, browser):
    page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)

    await page.goto(demo.links["supervisor"])
    await expect(page.locator("header .who .name")).to_have_text("supervisor")
    loss = await see_a_loss(page)
    await open_its_rows(page, loss)
    await ask_why(page, loss)
    await open_a_figure(page)
    order = await approve_a_repair(page)
    await arrives(page, demo.home, order)
    await approve_a_task(page)
    assert faults == []


async def see_a_loss(page: Page) -> str:
    """The dearest loss of the shift, or of the day: its title."""
    if not await page.locator("tr[id^=loss-]").count():
        await page.goto(page.url.rstrip("/") + "/losses?days=3")
    first = page.locator("tr[id^=loss-] a").first
    await expect(first).to_be_visible()
    return await first.inner_text()


async def open_its_rows(page: Page, loss: str) -> None:
    row = page.locator("tr[id^=loss-]").first
    await row.locator("button.num").first.click()
    sheet = page.locator("dialog[data-sheet]")
    await expect(sheet).to_contain_text(loss.partition(":")[0], timeout=PATIENCE_MS)
    await expect(sheet).to_contain_text("evidence")
    await sheet.get_by_role("button", name="Close").click()


async def ask(page: Page, question: str) -> None:
    """Ask, and wait for the whole answer."""
    before = await page.locator(".reply").count()
    await page.locator("#ask").fill(question)
    await page.locator("[data-ask-form] button").click()
    reply = page.locator(".reply").nth(before)
    await expect(reply.locator(".text")).not_to_be_empty(timeout=PATIENCE_MS)
    await expect(page.locator("[data-ask-form] button")).to_be_enabled(timeout=PATIENCE_MS)
    assert await reply.locator(":scope > .error-text").all_inner_texts() == []


async def ask_why(page: Page, loss: str) -> None:
    await ask(page, f"Why did {loss.partition(':')[0]} lose time in the last 3 days?")
    cited = page.locator(".reply sup.cite button").first
    await expect(cited).to_be_visible()
    await cited.click()
    sheet = page.locator("dialog[data-sheet]")
    await expect(sheet.locator("dl.facts, table").first).to_be_visible()
    await sheet.get_by_role("button", name="Close").click()


async def open_a_figure(page: Page) -> None:
    """A number of the line page opens its definition, its window and the rows."""
    await page.locator("nav a", has_text="Line").click()
    said = await page.locator(".figure .num").first.inner_text()
    await page.locator(".figure .num").first.click()
    sheet = page.locator("dialog[data-sheet]")
    await expect(sheet).to_contain_text("ISO 22400-2")
    if "—" not in said:
        await expect(sheet).to_contain_text(said.split("%")[0].strip())
    await expect(sheet.locator("table tbody tr").first).to_be_visible(timeout=PATIENCE_MS)
    await sheet.get_by_role("button", name="Close").click()


async def approve_a_repair(page: Page) -> str:
    """Ask for a repair, read the card in the answer, approve it there. The order's machine and text."""
    await ask(page, "Order a repair of the capper on line 2")
    card = page.locator(".reply [data-proposal]").last
    await expect(card).to_contain_text("waits for a decision")
    await expect(card).to_contain_text("Do nothing")
    await card.get_by_role("button", name="Approve").click()
    dialog = page.locator("dialog[data-confirm]")
    await expect(dialog).to_contain_text("Approve:")
    await dialog.get_by_role("button", name="Approve").click()
    proposal = page.locator(".reply [data-proposal]").last
    await expect(proposal).to_contain_text("Approved by supervisor", timeout=PATIENCE_MS)
    number = await proposal.get_attribute("data-proposal")
    assert number
    return number


async def arrives(page: Page, home, proposal: str) -> None:
    """The simulated maintenance system has it, once; the page says that it was done."""
    systems = json.loads((home / "demo" / "simulator.json").read_text())["systems"]
    found: list[dict] = []
    for _ in range(PATIENCE_MS // 500):
        with urllib.request.urlopen(f"{systems}/cmms/orders", timeout=10) as reply:
            found = [order for order in json.loads(reply.read()) if "apper" in json.dumps(order)]
        if found:
            break
        await page.wait_for_timeout(500)
    assert len(found) == 1, found
    with urllib.request.urlopen(f"{systems}/counts", timeout=10) as reply:
        assert json.loads(reply.read())["writes"] == 0
    await page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + f"/proposals/{proposal}")
    await expect(page.locator(f"#proposal-{proposal} .state")).to_have_text("done", timeout=PATIENCE_MS)


async def approve_a_task(page: Page) -> None:
    """A task that is approved stands in the improvement list."""
    await page.locator("nav a", has_text="Line").click()
    await expect(page.locator(".reply").nth(1)).to_be_visible()  # what was said before is there again
    await ask(page, "Open a task for the capper jams on line 2")
    card = page.locator(".reply [data-proposal]").last
    title = await card.locator("h3").inner_text()
    await card.get_by_role("button", name="Approve").click()
    await page.locator("dialog[data-confirm]").get_by_role("button", name="Approve").click()
    await expect(page.locator(".reply [data-proposal]").last).to_contain_text(
        "Approved by supervisor", timeout=PATIENCE_MS
    )
    await page.locator("nav a", has_text="Improvement").click()
    for _ in range(PATIENCE_MS // 1000):
        if await page.locator("section.panel h2", has_text=title).count():
            return
        await page.wait_for_timeout(1000)
        await page.reload()
    raise AssertionError(f"{title!r} is not in the list: {await page.locator('main').inner_text()}")
