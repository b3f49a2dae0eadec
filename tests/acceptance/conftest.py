"""The real bot against a loopback Bot API server: everything a user does goes over real HTTP."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot import bootstrap
from bot.application.live_course import LiveCourse
from bot.config import Settings
from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from knowledge.loader import load_course

ADMIN = 9_001


@lru_cache
def built_course() -> LiveCourse:
    """The packaged course, built once for all tests."""
    return LiveCourse.build(load_course(), revision=0)


class Tutor:
    """One running bot and the world around it. ``restart`` ends the process's part and begins it again."""

    def __init__(self, server: SandboxServer, data_dir: Path, **settings: Any) -> None:
        self.server = server
        self.world = server.world
        self.data_dir = data_dir
        self._settings = settings
        self._task: asyncio.Task[int] | None = None

    def settings(self, **changes: Any) -> Settings:
        """The settings that the bot runs with."""
        values = {
            "telegram_bot_token": self.server.token,
            "telegram_api_url": self.server.api_url,
            "data_dir": self.data_dir,
            "admin_ids": frozenset({ADMIN}),
            "_env_file": None,
            **self._settings,
            **changes,
        }
        return Settings(**values)

    async def start(self, **changes: Any) -> None:
        """Run the bot and wait until it asks for updates."""
        before = len(self.world.calls_of("setMyCommands"))
        self._task = asyncio.create_task(bootstrap.run(self.settings(**changes)))
        async with asyncio.timeout(30):
            while len(self.world.calls_of("setMyCommands")) == before:
                if self._task.done():
                    self._task.result()
                    raise AssertionError("the bot ended before it was ready")
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End the bot as SIGTERM does."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def ended(self) -> int:
        """Wait until the bot ends by itself and return its exit code."""
        assert self._task is not None
        return await self._task

    async def restart(self, **changes: Any) -> None:
        """End the bot and begin it again, for example with another clock."""
        await self.stop()
        await self.start(**changes)

    async def later(self, offset: timedelta) -> None:
        """Go on at another time."""
        await self.restart(clock_offset=offset)

    def person(self, name: str, number: int | None = None) -> Person:
        """Somebody who can write to the bot."""
        return self.world.person(name) if number is None else self.world.person(name, person_id=number)

    async def admin(self) -> Person:
        """The admin whom the settings name."""
        return self.person("Ms Carter", ADMIN)


StartTutor = Callable[..., Awaitable[Tutor]]


@asynccontextmanager
async def running_tutor(data_dir: Path, **settings: Any) -> AsyncIterator[Tutor]:
    """A server and a bot that is ready."""
    async with SandboxServer() as server:
        tutor = Tutor(server, data_dir, **settings)
        try:
            await tutor.start()
            yield tutor
        finally:
            await tutor.stop()


@pytest.fixture(autouse=True)
def _chance_is_repeatable(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Draw the same questions in each run of a test; another TEST_SEED draws others."""
    seed = f"{os.environ.get('TEST_SEED', '')}:{request.node.nodeid}"
    monkeypatch.setattr(bootstrap, "Random", partial(Random, seed))


@pytest.fixture(autouse=True)
def _course_is_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: built_course())


@lru_cache
def course_in_words() -> LiveCourse:
    """The packaged course with only those questions that are answered in one's own words."""
    course = built_course().course
    questions = tuple(question for question in course.questions if question.scheme is not None)
    return LiveCourse.build(course.model_copy(update={"questions": questions}), revision=0)


@pytest.fixture
def only_open_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask nothing but questions that are answered in one's own words."""
    monkeypatch.setattr(bootstrap, "_load_course", lambda _cache: course_in_words())


@pytest.fixture
async def start_tutor(tmp_path: Path) -> AsyncIterator[StartTutor]:
    """Start a tutor with other settings than the usual."""
    async with AsyncExitStack() as stack:

        async def start(**settings: Any) -> Tutor:
            return await stack.enter_async_context(running_tutor(tmp_path / "data", **settings))

        yield start


@pytest.fixture
async def tutor(tmp_path: Path) -> AsyncIterator[Tutor]:
    """A running tutor on SQLite with long polling."""
    async with running_tutor(tmp_path / "data") as running:
        yield running


async def press(person: Person, label: str) -> Message:
    """Press a button of the newest message that has it; wait for what follows: that message edited, or a new one."""
    holder = next(
        message
        for message in reversed(list(person.chat.from_bot()))
        if any(b.startswith(label) for b in message.buttons)
    )
    before, shown = person.last.id, holder.json
    person.press(holder, label)
    async with asyncio.timeout(30):
        while person.last.id == before and holder.json is shown:
            await asyncio.sleep(0.003)
    return holder if person.last.id == before else person.last


async def ask(person: Person, text: str) -> Message:
    """Say something and return the answer."""
    person.read_all()
    await person.say(text)
    return await person.next_message(30)


async def meet(person: Person, *, at: str = "18:30", when: str = "No date yet") -> Message:
    """Go through the first meeting and return the message with the plan."""
    await person.start()
    await person.next_message(30)
    await press(person, "Start")
    await press(person, "Yes")
    await press(person, at)
    return await press(person, when)
