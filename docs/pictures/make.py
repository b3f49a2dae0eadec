"""Makes the README's picture: two phones, photographed from the real bot in the sandbox.

Usage: python docs/pictures/make.py    (needs Chromium on the PATH and the development packages)
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from bot.sandbox.launcher import Sandbox

HERE = Path(__file__).resolve().parent
SIZE = {"width": 390, "height": 960}
ANSWER = (
    "becuase they only fixed it once, they should keep checking if its still ok and ask customers then change it again"
)
CAFE = "Pepperpot Cafe"

FRAME = """
<style>
  body { margin: 0; padding: 24px; display: flex; gap: 28px; background: #eef1f4; width: max-content; }
  img { width: 390px; border-radius: 26px; box-shadow: 0 10px 34px #0003; border: 1px solid #0002; }
</style>
"""


async def main() -> None:
    """Start the sandbox, chat, and save the picture."""
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder) / "sandbox", [sys.executable, "-m", "bot", "run"], os.environ)
        stop = asyncio.Event()
        running = asyncio.create_task(sandbox.run(0, stop, open_browser=False))
        async with asyncio.timeout(60):
            while sandbox.bot_status != "running":
                await asyncio.sleep(0.05)
        try:
            await _photograph(f"{sandbox.url}/")
        finally:
            stop.set()
            await running


async def _photograph(address: str) -> None:
    path = next(found for name in ("chromium", "google-chrome") if (found := shutil.which(name)))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        pictures = [await _look_up(browser, address), await _answer(browser, address)]
        page = await browser.new_page(device_scale_factor=2, viewport={"width": 900, "height": 1020})
        images = "".join(f'<img src="data:image/png;base64,{base64.b64encode(each).decode()}">' for each in pictures)
        await page.set_content(FRAME + images)
        body = page.locator("body")
        (HERE / "chat.png").write_bytes(await body.screenshot())
        await browser.close()


async def _phone(browser: Browser, address: str, person: str) -> Page:
    page = await browser.new_page(viewport=SIZE, device_scale_factor=2)
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    await page.goto(address)
    await page.get_by_role("tab", name=person).click()
    return page


async def _say(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def _press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label, exact=True).last.click()


async def _look_up(browser: Browser, address: str) -> bytes:
    page = await _phone(browser, address, "Ben")
    await _press(page, "Start")
    await _press(page, "Just look something up")
    await _say(page, "root couse anlysis")
    await expect(page.get_by_role("article").last).to_contain_text("Root cause analysis")
    await page.wait_for_timeout(700)
    return await page.screenshot()


async def _answer(browser: Browser, address: str) -> bytes:
    page = await _phone(browser, address, "Aisha")
    await _press(page, "Start")
    for label in ("Start", "Yes", "18:30", "In 2 weeks", "First question now"):
        await page.wait_for_timeout(300)
        await _press(page, label)
    await page.wait_for_timeout(500)
    while CAFE not in await page.get_by_role("article").last.inner_text():
        await _say(page, "/practise")
        await page.wait_for_timeout(700)
    await _say(page, ANSWER)
    await expect(page.get_by_role("article").last).to_contain_text("you wrote")
    await page.wait_for_timeout(700)
    return await page.screenshot()


if __name__ == "__main__":
    asyncio.run(main())
