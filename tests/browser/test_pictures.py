"""A figure in the chat page: a learner presses [Picture], sees it, and reads it in words."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.sandbox.launcher import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The sandbox with the real bot behind it."""
    sandbox = Sandbox(tmp_path / "sandbox", [sys.executable, "-m", "bot", "run"], os.environ)
    stop = asyncio.Event()
    running = asyncio.create_task(sandbox.run(0, stop, open_browser=False))
    async with asyncio.timeout(60):
        while sandbox.bot_status != "running":
            await asyncio.sleep(0.05)
    yield f"{sandbox.url}/"
    stop.set()
    await running


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_picture_is_shown_whole_on_a_phone(browser: Browser, address: str, scheme: str) -> None:
    page = await browser.new_page(
        viewport={"width": 390, "height": 844}, color_scheme="dark" if scheme == "dark" else "light"
    )
    await page.goto(address)
    await page.get_by_role("tab", name="Aisha").click()
    await page.get_by_role("button", name="Start", exact=True).last.click()
    await expect(page.get_by_role("article").last).to_contain_text("Hello. I help you revise")
    await page.get_by_label("Message", exact=True).fill("heat")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article").last).to_contain_text("HEAT model")
    await page.get_by_role("button", name="Picture", exact=True).last.click()
    shown = page.get_by_role("article").last
    await expect(shown).to_contain_text("HEAT: calm first, then fix")
    image = shown.locator("img")
    await expect(image).to_be_visible()
    await expect(image).to_have_js_property("naturalWidth", 1080)
    box = await image.bounding_box()
    assert box is not None
    assert 200 <= box["width"] <= 390
    assert box["height"] / box["width"] == pytest.approx(1260 / 1080, abs=0.02)
    await shown.get_by_role("button", name="Describe it", exact=True).click()
    await expect(page.get_by_role("article").last).to_contain_text("HEAT: calm first, then fix, in words")
    await page.close()
