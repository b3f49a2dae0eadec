"""The chat page with the real bot behind it: a learner chats, presses buttons and sees the marked answer."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.sandbox.launcher import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The sandbox as `make run` starts it, without a token."""
    sandbox = Sandbox(tmp_path / "sandbox", [sys.executable, "-m", "bot", "run"], os.environ)
    stop = asyncio.Event()
    running = asyncio.create_task(sandbox.run(0, stop, open_browser=False))
    async with asyncio.timeout(60):
        while sandbox.bot_status != "running":
            await asyncio.sleep(0.05)
    yield f"{sandbox.url}/"
    stop.set()
    await running


async def say(page: Page, text: str) -> None:
    """Type and send."""
    await page.get_by_label("Message", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def press(page: Page, label: str, shows: str) -> None:
    """Press the newest button of that name and wait for what it leads to."""
    await page.get_by_role("button", name=label, exact=True).last.click()
    await expect(page.get_by_role("article").last).to_contain_text(shows)


async def test_a_learner_meets_the_bot_and_sees_a_marked_answer(browser: Browser, address: str) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    await page.goto(address)
    await page.get_by_role("tab", name="Aisha").click()
    await press(page, "Start", "Hello. I help you revise")
    await press(page, "Start", "1 of 3")
    await press(page, "Yes", "2 of 3")
    await press(page, "18:30", "3 of 3")
    await press(page, "In 2 weeks", "Your plan: 14 days")
    await say(page, "root couse anlysis")
    await expect(page.get_by_role("article").last).to_contain_text("Root cause analysis")
    await press(page, "First question now", "mark")
    await press(page, "Topic or kind", "What shall we practise?")
    await press(page, "Short answers", "You chose: Short answers")
    await say(page, "good service also means finding out what the customer needs and solving the problem for them")
    await expect(page.get_by_role("article").last).to_contain_text("Next:")
    await expect(page.get_by_role("article").last).to_contain_text(" of ")
    await page.close()


async def test_the_bots_name_and_some_letters_offer_cards(browser: Browser, address: str) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    await page.goto(address)
    await page.get_by_role("tab", name="Ben").click()
    await press(page, "Start", "Hello. I help you revise")
    box = page.get_by_label("Message", exact=True)
    await box.fill("@revision_sandbox_bot serv rec")
    offers = page.get_by_role("listbox", name="What the bot offers")
    await expect(offers.get_by_role("option").nth(1)).to_contain_text("Service recovery")
    await box.fill("@revision_sandbox_bot ")
    await expect(offers.get_by_role("option", name="More", exact=True)).to_be_visible()
    await offers.get_by_role("option", name="More", exact=True).click()
    await expect(offers.get_by_role("option").nth(80)).to_be_attached()
    await box.fill("@revision_sandbox_bot serv rec")
    await expect(offers.get_by_role("option").nth(1)).to_contain_text("Service recovery")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    card = page.get_by_role("article").last
    await expect(card).to_contain_text("via @revision_sandbox_bot")
    await expect(card).to_contain_text("Service recovery")
    await expect(box).to_have_value("")
    await page.close()
