"""A second reader on the loopback that says what a test wants it to say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Behaviour = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


class Endpoint:
    """Speaks the chat completions protocol and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.behaviour: Behaviour = finds({})
        self.url = ""

    @property
    def asked(self) -> list[dict[str, Any]]:
        """What was asked, as data: question, points and answer."""
        return [json.loads(request["messages"][1]["content"]) for request in self.requests]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        return await self.behaviour(body)


def completion(content: str) -> web.Response:
    """A reply in the protocol's form."""
    return web.json_response({"choices": [{"message": {"role": "assistant", "content": content}}]})


def finds(quotes: dict[str, str]) -> Behaviour:
    """Find these points, with these words."""

    async def reply(_body: dict[str, Any]) -> web.StreamResponse:
        return completion(json.dumps({"points": [{"id": each, "quote": quote} for each, quote in quotes.items()]}))

    return reply


def says(content: str) -> Behaviour:
    """Say something that may be anything."""

    async def reply(_body: dict[str, Any]) -> web.StreamResponse:
        return completion(content)

    return reply


def fails(status: int) -> Behaviour:
    """Answer with an error."""

    async def reply(_body: dict[str, Any]) -> web.StreamResponse:
        return web.Response(status=status, text="no")

    return reply


async def stalls(_body: dict[str, Any]) -> web.StreamResponse:
    """Never answer."""
    await asyncio.sleep(60)
    return completion("{}")


async def floods(_body: dict[str, Any]) -> web.StreamResponse:
    """Answer with far too much."""
    return web.Response(body=b"[" * 3_000_000, content_type="application/json")


async def nests(_body: dict[str, Any]) -> web.StreamResponse:
    """Answer with lists in lists in lists."""
    return web.Response(body=b"[" * 150_000, content_type="application/json")


async def breaks(_body: dict[str, Any]) -> web.StreamResponse:
    """Answer with something that is not the protocol."""
    return web.Response(text="<html>sign in</html>", content_type="text/html")


@asynccontextmanager
async def endpoint() -> AsyncIterator[Endpoint]:
    """One that listens."""
    found = Endpoint()
    app = web.Application(client_max_size=10_000_000)
    app.router.add_post("/v1/chat/completions", found.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        server = site._server
        assert isinstance(server, asyncio.Server)
        found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        yield found
    finally:
        await runner.cleanup()
