"""Questions that wait for the bot: a pressed button and an inline query."""

import asyncio
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.sandbox.errors import Json, bad_request

Answer = TypeVar("Answer")

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What a press came to: the bot's words, if any. `answered` is False when it did not answer in time."""

    answered: bool
    text: str = ""
    show_alert: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What an inline query came to."""

    answered: bool
    results: list[Json] = field(default_factory=list)
    button: Json | None = None
    next_offset: str = ""
    """What the app asks with for more; empty where there is no more."""


class Queries(Generic[Answer]):
    """Open queries of one kind; each can be answered once, within `lifetime` seconds."""

    def __init__(self, lifetime: float, unanswered: Answer) -> None:
        self.lifetime = lifetime
        self._unanswered = unanswered
        self._open: dict[str, asyncio.Future[Answer]] = {}

    def ask(self, query_id: str) -> asyncio.Future[Answer]:
        """A future that is always fulfilled: by the bot, or with "not answered" when its time is over."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._open[query_id] = future
        timer = loop.call_later(self.lifetime, self._expire, query_id)
        future.add_done_callback(lambda _: timer.cancel())
        return future

    def answer(self, query_id: str, answer: Answer) -> None:
        """ApiError when there is no such query any more."""
        future = self._open.pop(query_id, None)
        if future is None or future.done():
            raise bad_request(TOO_OLD)
        future.set_result(answer)

    def close(self) -> None:
        """Ends every open query as unanswered."""
        for query_id in list(self._open):
            self._expire(query_id)

    def _expire(self, query_id: str) -> None:
        future = self._open.pop(query_id, None)
        if future is not None and not future.done():
            future.set_result(self._unanswered)
