"""What happened, in order, until the bot has confirmed it: by asking for what comes after it, or by answering its
webhook.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.sandbox.errors import Json, bad_request, conflict

ONLY_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds of updates a bot gets only when it names them."""


@dataclass(slots=True)
class WebhookState:
    """Where updates are posted, and how the last attempt went."""

    url: str
    secret_token: str | None = None
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


class Updates:
    """The queue of one bot."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.pending: deque[Json] = deque()
        self.allowed: Collection[str] = ()
        self.webhook: WebhookState | None = None
        self.polled: asyncio.Event = asyncio.Event()
        """Set at the first getUpdates: the bot is listening."""
        self._poller: asyncio.Future[None] | None = None
        self._arrivals: list[Callable[[], None]] = []

    def add(self, kind: str, payload: Json) -> int | None:
        """Queues an update and returns its id; None when the bot has not asked for this kind."""
        if not self._wanted(kind):
            return None
        update_id = self.next_id
        self.next_id += 1
        self.pending.append({"update_id": update_id, kind: payload})
        self.wake()
        for arrived in self._arrivals:
            arrived()
        return update_id

    def on_arrival(self, call: Callable[[], None]) -> None:
        """Has `call` run whenever an update is queued."""
        self._arrivals.append(call)

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST

    async def poll(self, *, offset: int, limit: int, timeout: float, allowed: Collection[str] | None) -> list[Json]:  # noqa: ASYNC109 -- a parameter of the Bot API
        """What getUpdates answers. An earlier call that still waits is refused, as Telegram does when two processes
        poll.
        """
        if self.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._end_waiting("terminated by other getUpdates request; make sure that only one bot instance is running")
        self.polled.set()
        if allowed is not None:
            self.allowed = allowed
        self._confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(timeout)
        return [self.pending[index] for index in range(min(limit, len(self.pending)))]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    async def _wait(self, seconds: float) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = waiting
        try:
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return
        finally:
            if self._poller is waiting:
                self._poller = None

    def _end_waiting(self, reason: str) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(conflict(reason))
        self._poller = None

    def wake(self) -> None:
        """Ends a long poll that waits: it brings nothing."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def set_webhook(self, webhook: WebhookState | None, *, allowed: Collection[str] | None, drop_pending: bool) -> None:
        if webhook is not None:
            check_webhook(webhook)
            self._end_waiting("terminated by setWebhook request")
        self.webhook = webhook
        if allowed is not None:
            self.allowed = allowed
        if drop_pending:
            self.pending.clear()


def check_webhook(webhook: WebhookState) -> None:
    """ApiError unless the address can be posted to. Unlike Telegram's own servers this one also takes plain http,
    since it never leaves the machine.
    """
    if not webhook.url.startswith(("https://", "http://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    token = webhook.secret_token or ""
    if len(token) > 256 or not all(
        character.isascii() and (character.isalnum() or character in "_-") for character in token
    ):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= webhook.max_connections <= 100:
        raise bad_request("max_connections must be between 1 and 100")
