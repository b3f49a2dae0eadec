"""The launcher with a real second process: a tiny scripted bot."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.bot_process import bot_environment
from bot.sandbox.launcher import AISHA, TUTOR, ZONE, Sandbox, ahead_of_tomorrow, main
from bot.sandbox.server import SandboxServer

SCRIPT = [sys.executable, str(Path(__file__).with_name("scripted_bot.py"))]


class Running:
    """A sandbox in a task of its own."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.stop = asyncio.Event()
        self.task = asyncio.create_task(sandbox.run(0, self.stop, open_browser=False))

    async def until_ready(self) -> None:
        async with asyncio.timeout(30):
            while self.sandbox.bot_status != "running":
                await asyncio.sleep(0.01)

    async def until_acknowledged(self) -> None:
        """A bot that ends between its answer and the next getUpdates is given the same update again."""
        async with asyncio.timeout(30):
            while self.sandbox.world.updates.pending:
                await asyncio.sleep(0.01)

    async def end(self) -> int:
        self.stop.set()
        return await asyncio.wait_for(self.task, 10)


@pytest.fixture
async def launch(tmp_path: Path) -> AsyncIterator[Callable[[], Running]]:
    started: list[Running] = []

    def start() -> Running:
        started.append(Running(Sandbox(tmp_path / "sandbox", SCRIPT, os.environ)))
        return started[-1]

    yield start
    for running in started:
        if not running.task.done():
            await running.end()


async def test_a_learner_talks_to_the_bot_and_finds_the_chat_again(launch: Callable[[], Running]) -> None:
    first = launch()
    await first.until_ready()
    aisha = first.sandbox.world.people_by_id[AISHA]
    await aisha.start()
    assert (await aisha.next_message(30)).text == "Hello from the script."
    await first.until_acknowledged()
    assert await first.end() == 0
    second = launch()
    await second.until_ready()
    aisha = second.sandbox.world.people_by_id[AISHA]
    assert [message.text for message in aisha.messages] == ["/start", "Hello from the script."]
    await aisha.press(2, "Yes")


async def test_tomorrow_moves_the_bot_and_the_messages(launch: Callable[[], Running]) -> None:
    running = launch()
    await running.until_ready()
    world = running.sandbox.world
    aisha = world.people_by_id[AISHA]
    today = datetime.fromtimestamp(world.clock.now(), ZONE)
    await running.sandbox.tomorrow()
    then = datetime.fromtimestamp(world.clock.now(), ZONE)
    assert ((then.date() - today.date()).days, then.hour, then.minute) == (1, 8, 0)
    await aisha.say("offset")
    answer = await aisha.next_message(30)
    assert answer.text == f"My offset is +{world.clock.ahead / 60:.0f}m."
    assert datetime.fromtimestamp(answer.json["date"], ZONE).hour == 8


async def test_starting_over_forgets_the_chats(launch: Callable[[], Running], tmp_path: Path) -> None:
    running = launch()
    await running.until_ready()
    await running.sandbox.world.people_by_id[AISHA].say("forget me")
    (tmp_path / "sandbox" / "revision-bot.sqlite3").touch()
    await running.sandbox.start_over()
    aisha = running.sandbox.world.people_by_id[AISHA]
    assert aisha.messages == []
    assert not (tmp_path / "sandbox" / "revision-bot.sqlite3").exists()
    await aisha.start()
    assert (await aisha.next_message(30)).text == "Hello from the script."


async def test_a_bot_that_ends_by_itself_is_explained(
    launch: Callable[[], Running], capfd: pytest.CaptureFixture[str]
) -> None:
    running = launch()
    await running.until_ready()
    await running.sandbox.world.people_by_id[AISHA].say("end")
    assert await asyncio.wait_for(running.task, 10) == 3
    said = capfd.readouterr().err
    assert "exit code 3" in said
    assert "last words of the bot" in said


@pytest.mark.parametrize("command", [["/nowhere/at/all"], [sys.executable, "-c", "print('never polls')"]])
async def test_a_bot_that_does_not_start_is_an_error(
    command: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert await main(port=0, data_dir=tmp_path, bot_command=command, environment=os.environ) == 1
    said = capfd.readouterr()
    assert "Open " not in said.out
    assert "could not be started" in said.err or "never polls" in said.err


async def test_a_busy_port_gives_way_to_the_next(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with SandboxServer() as other:
        sandbox = Sandbox(tmp_path / "sandbox", SCRIPT, os.environ)
        stop = asyncio.Event()
        running = asyncio.create_task(sandbox.run(other.port, stop, open_browser=False))
        async with asyncio.timeout(30):
            while sandbox.bot_status != "running":
                await asyncio.sleep(0.01)
        stop.set()
        assert await running == 0
        said = capfd.readouterr().out
        assert f"Port {other.port} is busy, so this is on {sandbox.url.rpartition(':')[2]}." in said
        assert f"Open {sandbox.url}" in said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_both_processes(tmp_path: Path, number: signal.Signals) -> None:
    program = (
        "import asyncio, os, sys; from pathlib import Path; from bot.sandbox.launcher import main;"
        "where = {'port': 0, 'data_dir': Path(sys.argv[1]), 'environment': os.environ};"
        "sys.exit(asyncio.run(main(bot_command=sys.argv[2:], **where)))"
    )
    root = str(Path(__file__).resolve().parents[2])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), *SCRIPT, stdout=asyncio.subprocess.PIPE, cwd=root
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        address = ""
        while not address.startswith("Open "):
            address = (await process.stdout.readline()).decode()
    async with aiohttp.ClientSession() as session, session.get(address.split()[1]) as page:
        assert page.status == 200
    process.send_signal(number)
    assert await asyncio.wait_for(process.wait(), 10) == 0
    await process.stdout.read()
    assert (tmp_path / "sandbox" / "world.json").exists()


def test_the_bot_sees_no_secret_of_this_machine() -> None:
    here = {
        "PATH": "/bin",
        "LC_ALL": "C",
        "DATABASE_URL": "postgresql://real",
        "TELEGRAM_BOT_TOKEN": "1:real",
        "X": "1",
    }
    seen = bot_environment(here, {"TELEGRAM_BOT_TOKEN": "2:sandbox", "ADMIN_IDS": str(TUTOR)})
    assert seen["TELEGRAM_BOT_TOKEN"] == "2:sandbox"
    assert {"DATABASE_URL", "X"}.isdisjoint(seen)
    assert {"PATH", "LC_ALL", "PYTHONPATH"} <= seen.keys()


@given(st.floats(1_700_000_000, 2_000_000_000), st.floats(0, 40 * 86_400))
def test_tomorrow_is_always_the_next_morning_at_eight(wall: float, ahead: float) -> None:
    before = datetime.fromtimestamp(wall + ahead, ZONE)
    moved = ahead_of_tomorrow(wall, ahead)
    after = datetime.fromtimestamp(wall + moved, ZONE)
    assert ((after.date() - before.date()).days, after.hour, after.minute) == (1, 8, 0)
    assert moved > ahead
    assert moved % 60 == 0
