"""The HTTP client: proxies from the environment, and what a failure proves."""

from __future__ import annotations

import pytest
from telegram.error import TimedOut

from bot.chat.http import AiohttpRequest, NotSent, proxy_for
from bot.sandbox.server import SandboxServer


def test_the_proxy_comes_from_the_environment_and_no_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.college.example:3128")
    monkeypatch.setenv("https_proxy", "http://proxy.college.example:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    assert proxy_for("https://api.telegram.org") == "http://proxy.college.example:3128"
    assert proxy_for("http://127.0.0.1:8081") is None


async def test_no_connection_is_provably_not_sent() -> None:
    async with SandboxServer() as server:
        address = server.api_url
    async with AiohttpRequest(origin=address, connections=1) as request:
        with pytest.raises(NotSent):
            await request.post(f"{address}/bot1:a/getMe")


async def test_no_answer_in_time_is_not_proof_of_anything() -> None:
    async with SandboxServer() as server:
        server.world.faults.add("hang", method="getMe")
        async with AiohttpRequest(origin=server.api_url, connections=1, read_timeout=0.2) as request:
            with pytest.raises(TimedOut):
                await request.post(f"{server.api_url}/bot{server.token}/getMe")
