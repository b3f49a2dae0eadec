from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World

TOKEN = "123:ABC-def"

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def server(world: World) -> AsyncIterator[SandboxServer]:
    async with SandboxServer(token=TOKEN, world=world) as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
def ask(server: SandboxServer, http: aiohttp.ClientSession) -> Ask:
    """Calls a method with parameters as JSON and returns the whole answer."""

    async def call(method: str, **params: Any) -> dict[str, Any]:
        async with http.post(f"{server.api_url}/bot{TOKEN}/{method}", json=params) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer

    return call


@pytest.fixture
async def client(server: SandboxServer) -> AsyncIterator[Bot]:
    """The library the product talks to Telegram with."""
    bot = Bot(TOKEN, base_url=f"{server.api_url}/bot", base_file_url=f"{server.api_url}/file/bot")
    async with bot:
        yield bot


@pytest.fixture
def aisha(world: World) -> Person:
    return world.person("Aisha", started=True)
