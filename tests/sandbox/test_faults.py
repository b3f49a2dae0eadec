import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter

from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import World

Ask = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_flood_says_when_to_try_again(
    client: Bot, world: World, aisha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    world.faults.add("flood", method="sendMessage", retry_after=7, count=1)
    with pytest.raises(RetryAfter, match="Retry in 0:00:07"):
        await client.send_message(aisha.id, "x")
    assert (await client.send_message(aisha.id, "x")).text == "x"


async def test_a_fault_can_be_for_one_chat_and_some_methods(ask: Ask, world: World, aisha: Person) -> None:
    ben = world.person("Ben", started=True)
    fault = world.faults.add("forbidden", method="send*|edit*", chat_id=ben.id)
    assert (await ask("sendMessage", chat_id=aisha.id, text="x"))["ok"]
    assert (await ask("getChat", chat_id=ben.id))["ok"]
    refused = await ask("sendMessage", chat_id=ben.id, text="x")
    assert refused["description"] == "Forbidden: bot was blocked by the user"
    world.faults.remove(fault)
    assert (await ask("sendMessage", chat_id=ben.id, text="x"))["ok"]
    assert fault.used == 1


async def test_a_bad_gateway_is_a_network_error(client: Bot, world: World, aisha: Person) -> None:
    world.faults.add("bad_gateway")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await client.send_message(aisha.id, "x")
    world.faults.clear()
    assert await client.send_message(aisha.id, "x")


async def test_a_dropped_call_was_done_all_the_same(ask: Ask, world: World, aisha: Person) -> None:
    world.faults.add("drop", count=1)
    with pytest.raises(aiohttp.ClientError):
        await ask("sendMessage", chat_id=aisha.id, text="did it arrive?")
    assert aisha.last.text == "did it arrive?"
    assert world.calls[-1].fault == "drop"


async def test_a_hanging_call_does_nothing_and_is_recorded(ask: Ask, world: World, aisha: Person) -> None:
    world.faults.add("hang", method="sendMessage")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ask("sendMessage", chat_id=aisha.id, text="x"), 0.2)
    assert aisha.messages == []
    assert world.calls[-1].response is None


async def test_slowness_adds_up_and_is_then_done(ask: Ask, world: World, aisha: Person) -> None:
    world.faults.add("slow", delay=0.1)
    world.faults.latency = 0.1
    began = time.perf_counter()
    assert (await ask("sendMessage", chat_id=aisha.id, text="x"))["ok"]
    assert time.perf_counter() - began >= 0.2


async def test_chance_decides_and_repeats_itself(world: World) -> None:
    def struck() -> list[bool]:
        faults = World(seed=3).faults
        faults.add("flood", chance=0.5)
        return [faults.strike("sendMessage", 1)[1] is not None for _ in range(40)]

    assert struck() == struck()
    assert 5 < sum(struck()) < 35


async def test_telegram_can_go_away_and_come_back(server: SandboxServer, ask: Ask, aisha: Person) -> None:
    polling = asyncio.create_task(ask("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await server.go_away()
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask("sendMessage", chat_id=aisha.id, text="x")
    await asyncio.gather(polling, return_exceptions=True)
    await server.come_back()
    assert (await ask("sendMessage", chat_id=aisha.id, text="x"))["ok"]


async def test_a_taken_port_is_an_error(server: SandboxServer) -> None:
    with pytest.raises(OSError, match="in use"):
        await SandboxServer(port=server.port).start()


async def test_the_sandbox_shows_its_own_failures(
    ask: Ask, world: World, aisha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aisha.chat, "messages", None)
    answer = await ask("sendMessage", chat_id=aisha.id, text="x")
    assert answer["error_code"] == 500
