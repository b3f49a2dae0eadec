"""Posting updates to the bot's webhook: one after the other, each until it is taken."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable

import aiohttp

from bot.sandbox.errors import Json
from bot.sandbox.updates import WebhookState
from bot.sandbox.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header
_log = logging.getLogger(__name__)


class WebhookPoster:
    """Runs beside the server. A webhook may answer with a call of its own ("method": "sendMessage"), which `perform`
    carries out.
    """

    def __init__(
        self,
        world: World,
        perform: Callable[[str, Json], Awaitable[object]],
        *,
        retry_seconds: float = 0.2,
        timeout_seconds: float = 30.0,
    ) -> None:
        self.world = world
        self.retry_seconds = retry_seconds
        self._perform = perform
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._arrived = asyncio.Event()
        world.updates.on_arrival(self._arrived.set)

    async def run(self) -> None:
        """Posts for ever; ends by being cancelled."""
        async with aiohttp.ClientSession(timeout=self._timeout) as session:
            while True:
                await self._until_there_is_work()
                webhook = self.world.updates.webhook
                if webhook is not None and not await self._post(session, webhook):
                    await asyncio.sleep(self.retry_seconds)

    def look(self) -> None:
        """Has it look again whether there is something to post, for instance after a webhook was set."""
        self._arrived.set()

    async def _until_there_is_work(self) -> None:
        while self.world.updates.webhook is None or not self.world.updates.pending:
            self._arrived.clear()
            await self._arrived.wait()

    async def _post(self, session: aiohttp.ClientSession, webhook: WebhookState) -> bool:
        """Posts the oldest update; it leaves the queue only when the bot has taken it."""
        update = self.world.updates.pending[0]
        headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        try:
            async with session.post(webhook.url, json=update, headers=headers) as response:
                body = await response.read()
                if not 200 <= response.status < 300:
                    self._note_failure(webhook, f"Wrong response from the webhook: {response.status} {response.reason}")
                    return False
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._note_failure(webhook, str(error) or type(error).__name__)
            return False
        if self.world.updates.pending and self.world.updates.pending[0] is update:
            self.world.updates.pending.popleft()
        await self._answer(body)
        return True

    def _note_failure(self, webhook: WebhookState, reason: str) -> None:
        webhook.last_error_date = self.world.clock.date()
        webhook.last_error_message = reason
        _log.info("webhook: %s", reason)

    async def _answer(self, body: bytes) -> None:
        try:
            call = json.loads(body)
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            await self._perform(call.pop("method"), call)
