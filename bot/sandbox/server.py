"""Telegram on this machine: the Bot API over real HTTP on 127.0.0.1, in front of a world in memory."""

import asyncio
import inspect
import json
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import lru_cache
from hmac import compare_digest
from types import TracebackType
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from aiohttp import web

from bot.sandbox.calls import Call
from bot.sandbox.errors import ApiError, Json, bad_request, too_many_requests
from bot.sandbox.faults import Fault
from bot.sandbox.files import MAX_UPLOAD
from bot.sandbox.methods import TABLE
from bot.sandbox.spec import Upload, packaged_spec
from bot.sandbox.webhook import WebhookPoster
from bot.sandbox.world import HOST, World

DEFAULT_TOKEN = "7000000001:AAloopback-sandbox-token-not-a-secret0"  # noqa: S105 -- opens nothing but a server on this machine
CONNECTIONS_END_WITHIN = 0.1

PageHandler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_log = logging.getLogger(__name__)
_JSON = {"Content-Type": "application/json"}
_LOCAL_NAMES = {"127.0.0.1", "localhost", "[::1]"}
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SandboxServer:
    """Serves one bot. `port` 0 takes any free one; what is outside the Bot API goes to `page`, if there is one.

    async with SandboxServer(token="123:ABC") as server:
        aisha = server.world.person("Aisha")
    """

    def __init__(
        self,
        *,
        token: str = DEFAULT_TOKEN,
        port: int = 0,
        door: socket.socket | None = None,
        world: World | None = None,
        page: PageHandler | None = None,
    ) -> None:
        """`door`: a socket of 127.0.0.1 that listens already and stands for `port`."""
        self.token = token
        self.world = world or World()
        self.port = port if door is None else int(door.getsockname()[1])
        self._door = door
        self._page = page
        self._spec = packaged_spec()
        self._runner: web.ServerRunner | None = None
        self._webhook = WebhookPoster(self.world, self.perform)
        self._posting: asyncio.Task[None] | None = None

    @property
    def api_url(self) -> str:
        """The address that stands for https://api.telegram.org."""
        return f"http://{HOST}:{self.port}"

    # Life

    async def __aenter__(self) -> "SandboxServer":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listens; OSError when the port is taken."""
        await self.come_back()
        self._posting = asyncio.create_task(self._webhook.run())

    async def stop(self) -> None:
        self.world.close()
        if self._posting is not None:
            self._posting.cancel()
            await asyncio.gather(self._posting, return_exceptions=True)
        await self.go_away()

    async def go_away(self) -> None:
        """Telegram cannot be reached: open connections are cut, new ones refused. `come_back` ends it."""
        if self._runner is not None:
            self.world.updates.wake()
            await self._runner.cleanup()
            self._runner = None

    async def come_back(self) -> None:
        runner = web.ServerRunner(
            web.Server(self._handle, request_factory=_Request, access_log=None),
            shutdown_timeout=CONNECTIONS_END_WITHIN,
            handle_signals=False,
        )
        await runner.setup()
        door, self._door = self._door, None
        try:
            if door is None:
                await web.TCPSite(runner, HOST, self.port, reuse_address=True).start()
            else:
                await web.SockSite(runner, door).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = int(runner.addresses[0][1])

    # Requests

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if not is_local(request.headers.get("Host", "")):
            # A web page elsewhere may point a name of its own at 127.0.0.1; it must not reach the chats.
            return web.Response(status=403, text="This server answers to 127.0.0.1 only.")
        path = request.path
        if path.startswith("/bot"):
            token, _, method = path[4:].partition("/")
            return await self._api(request, token, method)
        if path.startswith("/file/bot"):
            token, _, name = path[9:].partition("/")
            return self._file(token, name)
        if self._page is not None:
            return await self._page(request)
        return _answer(ApiError(404, "Not Found").as_json())

    def _is_token(self, token: str) -> bool:
        return compare_digest(unquote(token).encode(), self.token.encode())

    async def _api(self, request: web.BaseRequest, token: str, method: str) -> web.StreamResponse:
        if not self._is_token(token):
            return _answer(ApiError(401, "Unauthorized").as_json())
        if request.method not in {"GET", "POST"}:
            return _answer(ApiError(405, "Method Not Allowed").as_json())
        try:
            given = await _parameters(request)
        except ApiError as error:
            return _answer(error.as_json())
        except web.HTTPRequestEntityTooLarge:
            return _answer(ApiError(413, "Request Entity Too Large").as_json())
        response = await self.perform(method, given)
        if response is not None:
            return _answer(response)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _file(self, token: str, name: str) -> web.Response:
        if not self._is_token(token):
            return _answer(ApiError(401, "Unauthorized").as_json())
        file = self.world.files.at(name)
        if file is None:
            return _answer(ApiError(404, "Not Found: file not found").as_json())
        return web.Response(body=file.content, content_type=file.mime_type)

    async def perform(self, name: str, given: Json) -> Json | None:
        """Carries out a call and records it; None where the connection is to be cut without an answer."""
        at, began = self.world.clock.now(), time.perf_counter()
        params: Json = given
        ignored: list[str] = []
        fault: Fault | None = None
        response: Json | None
        try:
            method = self._spec.method(name)
            name = method.name
            params, ignored = method.read(given)
            delay, fault = self.world.faults.strike(name, params.get("chat_id"))
            if delay and name != "getUpdates":
                await asyncio.sleep(delay)
            response = (
                await self._struck(fault, name, params, at)
                if fault
                else {"ok": True, "result": await self._play(name, params)}
            )
        except ApiError as error:
            response = error.as_json()
        except Exception:  # noqa: BLE001 -- the bot shall see a failing server, as it would see Telegram's
            _log.exception("the sandbox failed at %s", name)
            response = ApiError(500, f"Internal Server Error: the sandbox failed at {name}").as_json()
        self._record(
            Call(
                self._next_number(),
                name,
                params,
                response,
                at,
                time.perf_counter() - began,
                ignored,
                fault.kind if fault else None,
            )
        )
        return None if fault and fault.kind == "drop" else response

    async def _play(self, name: str, params: Json) -> Any:
        result = TABLE[name](self.world, params)
        if inspect.iscoroutine(result):
            result = await result
        if name == "setWebhook":
            self._webhook.look()
        return result

    async def _struck(self, fault: Fault, name: str, params: Json, at: float) -> Json:
        """What a fault makes of a call."""
        if fault.kind == "flood":
            raise too_many_requests(fault.retry_after)
        if fault.kind == "forbidden":
            raise ApiError(403, fault.description)
        if fault.kind == "bad_gateway":
            raise ApiError(502, "Bad Gateway")
        if fault.kind == "hang":
            self._record(Call(self._next_number(), name, params, None, at, fault="hang"))
            await asyncio.Event().wait()
        return {"ok": True, "result": await self._play(name, params)}

    def _next_number(self) -> int:
        self.world.call_count += 1
        return self.world.call_count

    def _record(self, call: Call) -> None:
        self.world.record(call)


@lru_cache(maxsize=64)
def is_local(host: str) -> bool:
    """Whether a Host header names this machine itself, with or without a port."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name.lower() in _LOCAL_NAMES


class _Request(web.BaseRequest):
    """A request that may carry the largest file Telegram takes."""

    def __init__(self, message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(message, payload, protocol, writer, task, loop, client_max_size=MAX_UPLOAD + 1024 * 1024)


def _answer(response: Json) -> web.Response:
    return web.Response(status=response.get("error_code", 200), body=_dump(response).encode(), headers=_JSON)


async def _parameters(request: web.BaseRequest) -> Json:
    """From the query and from the body, which may be JSON, a form or a multipart form; the body wins."""
    given: Json = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return given
    kind = request.content_type
    if kind == "multipart/form-data":
        form = await request.post()
        given.update({name: await _form_value(value) for name, value in form.items()})
    elif kind == "application/json":
        given.update(_json_object(await request.read()))
    elif body := await request.read():
        given.update(_form_fields(body))
    return given


def _form_fields(body: bytes) -> Iterator[tuple[str, str]]:
    """The fields of an urlencoded body; several times quicker than `parse_qsl`, which matters under a benchmark."""
    for field in body.split(b"&"):
        name, equals, value = field.partition(b"=")
        if equals:
            yield _unquoted(name), _unquoted(value)


def _unquoted(value: bytes) -> str:
    if b"%" not in value and b"+" not in value:
        return value.decode("utf-8", "replace")
    return unquote_to_bytes(value.replace(b"+", b" ")).decode("utf-8", "replace")


async def _form_value(value: Any) -> Any:
    if not isinstance(value, web.FileField):
        return value
    content = await asyncio.to_thread(value.file.read)
    return Upload(value.filename, content, value.content_type)


def _json_object(body: bytes) -> Json:
    try:
        given = json.loads(body) if body else {}
    except ValueError:
        raise bad_request("can't parse request JSON object") from None
    if not isinstance(given, dict):
        raise bad_request("request body must be a JSON object")
    return given
