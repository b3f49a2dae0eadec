"""Sends letters through python-telegram-bot's ``Bot`` and says what became of them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from telegram import Bot, InputFile, Message
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.chat.http import AiohttpRequest, NotSent
from bot.domain.delivery import (
    Ambiguous,
    Blocked,
    DeliveryOutcome,
    Letter,
    MessageGone,
    Refused,
    RetryLater,
    Sent,
    backoff,
)

log = logging.getLogger(__name__)

Recipe = Callable[[int, Mapping[str, Any]], Awaitable[tuple[str, bytes]]]
"""Makes a file when it is sent: (chat id, the payload's recipe) -> (file name, content)."""

GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to delete not found",
    "there is no text in the message to edit",
)
UNREACHABLE = ("chat not found", "user is deactivated", "peer_id_invalid", "bot can't initiate conversation")


class TelegramPost:
    """The ``Post`` of the delivery room."""

    def __init__(self, bot: Bot, *, recipe: Recipe) -> None:
        assert isinstance(bot.request, AiohttpRequest)
        self._bot = bot
        self._request = bot.request
        self._recipe = recipe

    async def post(self, letter: Letter) -> DeliveryOutcome:
        """Send one letter. Telegram's refusals and every network failure come back as an outcome."""
        try:
            return await self._send(letter)
        except TelegramError as error:
            return outcome_of(error, letter)
        except Exception as error:
            log.exception("row %d could not be built", letter.id)
            return Refused(type(error).__name__)

    async def _send(self, letter: Letter) -> Sent:
        payload = dict(letter.payload)
        edited = letter.message_id
        if letter.method == "sendDocument":
            return await self._send_document(letter.chat_id, payload)
        payload["chat_id"] = letter.chat_id
        if edited is None:
            message = await self._call("sendMessage", payload)
            return Sent(message["message_id"])
        payload.pop("reply_parameters", None)
        await self._call("editMessageText", payload | {"message_id": edited})
        return Sent(edited)

    async def _call(self, method: str, payload: Mapping[str, Any]) -> Any:
        return await self._request.call(f"{self._bot.base_url}/{method}", payload)

    async def _send_document(self, chat_id: int, payload: dict[str, Any]) -> Sent:
        name, content = await self._recipe(chat_id, payload.pop("recipe"))
        message: Message = await self._bot.send_document(chat_id, InputFile(content, filename=name), api_kwargs=payload)
        file_id = None if message.document is None else message.document.file_id
        return Sent(message.message_id, file_id)


def outcome_of(error: TelegramError, letter: Letter) -> DeliveryOutcome:
    """Read what a failed call means. Only a failure that provably sent nothing may be repeated freely."""
    words = error.message.lower()
    match error:
        case RetryAfter():
            return RetryLater(_seconds(error), "flood", everyone=True, counts=False)
        case NotSent():
            return RetryLater(backoff(letter.attempt), "no connection", counts=False)
        case Forbidden():
            return Blocked("blocked")
        case BadRequest() if "not modified" in words:
            return Sent(letter.message_id)
        case BadRequest() if any(gone in words for gone in GONE):
            return MessageGone()
        case BadRequest() if any(reason in words for reason in UNREACHABLE):
            return Blocked("unreachable")
        case BadRequest() | ChatMigrated() | Conflict() | InvalidToken():
            log.warning("row %d refused: %s", letter.id, words[:120])
            return Refused(words[:120])
        case NetworkError():
            return Ambiguous(type(error).__name__)
        case _:
            return Refused(words[:120])


def _seconds(error: RetryAfter) -> timedelta:
    seconds = error.__reduce__()[1][0]  # the property warns about its coming change of type
    return timedelta(seconds=float(seconds))
