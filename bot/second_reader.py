"""A second reader over HTTP: any endpoint that speaks the OpenAI chat completions protocol, a local Ollama too."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.application.second_read import ReaderUnavailable

log = logging.getLogger(__name__)

PATIENCE = 8.0
"""Seconds for a whole reply: who has waited longer has read the card already."""
LONGEST_BODY = 200_000
FAILURES = 3
"""Failures in a row after which nobody is asked for a while."""
REST, LONGEST_REST = 30.0, 900.0
"""Seconds of the first rest; each further failure doubles it."""
MOST_DOUBLINGS = 10
"""More would only make a number that is cut; after weeks of failures it would be one too large to reckon with."""


class HttpReader:
    """Asks one endpoint. After failures in a row it is left alone, then tried again with a single answer."""

    def __init__(self, *, url: str, model: str, key: str | None, monotonic: Callable[[], float]) -> None:
        self.place = urlsplit(url).hostname or ""
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._monotonic = monotonic
        self._failures = 0
        self._rests_until = 0.0
        self._trying = False
        self._session: aiohttp.ClientSession | None = None
        self.replies: Counter[str] = Counter()
        """How often it was asked, by how that ended."""

    async def reply(self, instructions: str, asked: str, schema: Mapping[str, Any]) -> str:
        if self._monotonic() < self._rests_until or (self._failures >= FAILURES and self._trying):
            self.replies["resting"] += 1
            raise ReaderUnavailable("resting")
        self._trying = True
        try:
            text = await self._ask(instructions, asked, schema)
        except ReaderUnavailable as error:
            self._failed(str(error))
            raise
        finally:
            self._trying = False
        return text

    def satisfied(self) -> None:
        self._failures = 0
        self.replies["replied"] += 1

    def disappointed(self) -> None:
        self._failed("unusable")

    async def close(self) -> None:
        """End the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _failed(self, reason: str) -> None:
        self.replies[reason] += 1
        self._failures += 1
        if self._failures >= FAILURES:
            rest = min(LONGEST_REST, REST * 2 ** min(self._failures - FAILURES, MOST_DOUBLINGS))
            self._rests_until = self._monotonic() + rest
            log.warning("the second reader failed %d times (%s); next try in %d s", self._failures, reason, rest)

    async def _ask(self, instructions: str, asked: str, schema: Mapping[str, Any]) -> str:
        body = {
            "model": self._model,
            "temperature": 0,
            "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": asked}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "points", "strict": True, "schema": schema},
            },
        }
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self._connected().post(self._url, json=body, headers=self._headers, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    raise ReaderUnavailable(f"status {response.status}")
                content = await _content(response)
        except TimeoutError as error:
            raise ReaderUnavailable("too slow") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:  # the last: a key that no header can hold
            raise ReaderUnavailable("not reached") from error
        return content

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=True)
        return self._session


async def _content(response: aiohttp.ClientResponse) -> str:
    raw = bytearray()
    async for chunk in response.content.iter_chunked(16_384):
        raw += chunk
        if len(raw) > LONGEST_BODY:
            raise ReaderUnavailable("too long")
    try:
        content = json.loads(bytes(raw))["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise ReaderUnavailable("not a completion") from error
    if not isinstance(content, str):
        raise ReaderUnavailable("not a completion")
    return content
