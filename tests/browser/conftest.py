"""Chromium in front of the real sandbox, with a tiny scripted bot behind it."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.sandbox.launcher import Sandbox

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000
SCRIPT = Path(__file__).resolve().parents[1] / "sandbox" / "scripted_bot.py"

expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str:
    """Where Chromium is; without one the test is skipped, unless everything is required to run."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    reason = f"none of {', '.join(BROWSERS)} is on the PATH"
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    folder = tmp_path_factory.mktemp("data") / "sandbox"
    sandbox = Sandbox(folder, [sys.executable, str(SCRIPT)], os.environ)
    stop = asyncio.Event()
    task = asyncio.create_task(sandbox.run(0, stop, open_browser=False))
    async with asyncio.timeout(30):
        while sandbox.bot_status != "running":
            await asyncio.sleep(0.01)
    yield sandbox
    stop.set()
    await task


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox(running: Sandbox) -> Sandbox:
    """The sandbox as at its beginning, with the bot still running."""
    world = running.world
    world.faults.clear()
    world.calls.clear()
    world.clock.ahead = 0.0
    for person in world.people.values():
        await person.unblock()
        await person.delete_chat()
        person.chat.started = False
    return running


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page on a desktop; anything it complains about fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(sandbox.url)
    yield page
    await context.close()
    assert complaints == []
