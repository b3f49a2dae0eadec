"""kill -9 at every step: nothing is lost, nothing has its effect twice, at most one extra copy is seen."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from tests.conftest import Postgres

ROOT = Path(__file__).resolve().parents[2]
STEPS = {
    "received": 1,
    "inbox committed": 1,
    "routed": 3,
    "turn committed": 3,
    "request out": 3,
    "answer in": 3,
    "marked": 3,
}
"""At each step, the how-manyth time is the last. The words arrive together, so the first two steps come once."""
WORDS = ("baseline", "benchmarking", "touchpoint", "mystery shopping", "action plan")


class Process:
    """The bot as a process of its own."""

    def __init__(self, server: SandboxServer, data_dir: Path, database_url: str | None, **environment: str) -> None:
        self._environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_URL": server.api_url,
            "DATA_DIR": str(data_dir),
            "ADMIN_IDS": "9001",
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "WARNING",
            **environment,
        }
        if database_url is not None:
            self._environment["DATABASE_URL"] = database_url

    async def run(self, *arguments: str) -> asyncio.subprocess.Process:
        """Start it; the arguments name the step at which it dies."""
        command = [str(Path(__file__).with_name("crashing_bot.py")), *arguments]
        return await asyncio.create_subprocess_exec(sys.executable, *command, env=self._environment, cwd=ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
async def test_a_crash_loses_nothing_and_repeats_nothing(step: str, tmp_path: Path) -> None:
    await _crash_and_recover(step, None, tmp_path)
    _check_effects(tmp_path / "revision-bot.sqlite3")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("step", ["inbox committed", "turn committed", "answer in"])
async def test_a_crash_on_postgresql_loses_nothing_either(step: str, postgres: Postgres, tmp_path: Path) -> None:
    await _crash_and_recover(step, postgres.new_database(), tmp_path)


async def _crash_and_recover(step: str, crash_url: str | None, tmp_path: Path) -> None:
    async with SandboxServer() as server:
        process = Process(server, tmp_path, crash_url)
        aisha = server.world.person("Aisha")
        for word in WORDS:
            await aisha.say(word)
        dying = await process.run(step, str(STEPS[step]))
        await asyncio.wait_for(dying.wait(), 30)
        assert dying.returncode == -9
        living = await process.run("never", "1")
        try:
            answers = await _settled(aisha)
        finally:
            living.terminate()
            await asyncio.wait_for(living.wait(), 15)
        assert living.returncode == 0
    asked = [text.splitlines()[0] for text in answers]
    for word in WORDS:
        copies = sum(line.lower().startswith(word) for line in asked)
        assert 1 <= copies <= 2, (word, asked)
    assert len(answers) <= len(WORDS) + 1


async def _settled(aisha) -> list[str]:  # type: ignore[no-untyped-def]
    """Wait until every word was answered, and a little longer for copies."""
    async with asyncio.timeout(75):
        while len({message.text for message in aisha.chat.from_bot()}) < len(WORDS):
            await asyncio.sleep(0.05)
    await asyncio.sleep(1.5)
    return [message.text for message in aisha.chat.from_bot()]


def _check_effects(path: Path) -> None:
    """Each look-up counts once, every update is done, and no row waits."""
    with closing(sqlite3.connect(path)) as connection:
        times = [row[0] for row in connection.execute("SELECT times FROM looked_up")]
        assert times == [1] * len(WORDS)
        states = {row[0] for row in connection.execute("SELECT state FROM inbox")}
        assert states == {2}
        assert connection.execute("SELECT count(*) FROM outbox WHERE state < 2").fetchone() == (0,)


@pytest.mark.slow
async def test_an_update_that_kills_the_process_whenever_it_runs_is_left_behind(tmp_path: Path) -> None:
    async with SandboxServer() as server:
        process = Process(server, tmp_path, None)
        aisha = server.world.person("Aisha")
        await aisha.say("baseline")
        for _ in range(3):
            dying = await process.run("routed", "1")
            await asyncio.wait_for(dying.wait(), 30)
            assert dying.returncode == -9
        living = await process.run("never", "1")
        await aisha.say("touchpoint")
        answer = await aisha.next_message(30)
        living.terminate()
        await asyncio.wait_for(living.wait(), 15)
    assert answer.text.startswith("Touchpoint")
    with closing(sqlite3.connect(tmp_path / "revision-bot.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM inbox WHERE state = 4").fetchone() == (1,)
