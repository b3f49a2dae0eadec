"""HTTP to the Bot API with aiohttp and JSON bodies.

python-telegram-bot's default client (httpx) scans its pool for every request, which collapses at a few hundred
requests a second; aiohttp takes a tenth of the time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

USER_AGENT = "revision-bot"
JSON_HEADERS = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """The request provably never reached Telegram: no connection could be made."""


class JsonBody:
    """What a call carries when it needs none of the library's conversions; stands in for its ``RequestData``."""

    __slots__ = ("parameters",)
    contains_files = False

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters


class AiohttpRequest(BaseRequest):
    """A :class:`telegram.request.BaseRequest` over one aiohttp session.

    The proxy comes from HTTPS_PROXY and NO_PROXY; it is looked up once, because aiohttp would read the environment and
    the netrc file again for every request.
    """

    __slots__ = ("_connections", "_proxy", "_read_timeout", "_session")

    def __init__(self, *, origin: str, connections: int, read_timeout: float = 20.0) -> None:
        self._proxy = proxy_for(origin)
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer unless a call says otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60),
                headers={"User-Agent": USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, url: str, parameters: Mapping[str, Any]) -> Any:
        """Call a method with parameters that are JSON already and return its result as JSON; errors as the library's.

        A message that the bot wrote itself needs no parsing into objects, which takes longer than sending it.
        """
        return await self.post(url, cast("RequestData", JsonBody(parameters)))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        assert self._session is not None, "initialize() first"
        seconds = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        body, headers = _body(request_data)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                proxy=self._proxy,
                timeout=aiohttp.ClientTimeout(
                    total=None if seconds is None else seconds + 5, connect=5, sock_read=seconds
                ),
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"no connection: {type(error).__name__}") from error
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(f"connection broke: {type(error).__name__}") from error


def proxy_for(origin: str) -> str | None:
    """Return the proxy that the environment names for an origin, if any."""
    parts = urlsplit(origin)
    if parts.hostname is None or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    if request_data is None:
        return None, None
    if not request_data.contains_files:
        return json.dumps(request_data.parameters, separators=(",", ":")).encode(), JSON_HEADERS
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form, None
