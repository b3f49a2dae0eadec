"""Sends letters through python-telegram-bot's ``Bot`` and says what became of them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made for a row.

    ``digest`` names its content where it may be sent to others too, ``file_id`` is Telegram's id for it from then.
    """

    name: str
    content: bytes
    digest: str | None = None
    file_id: str | None = None


Recipe = Callable[[int, Mapping[str, Any]], Awaitable[Made]]
"""Makes a file when it is sent, from the chat's id and the payload's recipe."""

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
        if letter.method == "sendPhoto":
            return await self._send_photo(letter, payload)
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
        made = await self._recipe(chat_id, payload.pop("recipe"))
        message: Message = await self._bot.send_document(
            chat_id, InputFile(made.content, filename=made.name), api_kwargs=payload
        )
        file_id = None if message.document is None else message.document.file_id
        return Sent(message.message_id, file_id)

    async def _send_photo(self, letter: Letter, payload: dict[str, Any]) -> Sent:
        """Send a picture: by its id where Telegram holds it, else as an upload; its words where neither will do."""
        recipe, words = payload.pop("recipe"), payload.pop("instead")
        try:
            made = await self._recipe(letter.chat_id, recipe)
        except Exception:
            log.exception("row %d: its picture could not be made", letter.id)
            return await self._say_instead(letter, payload, words)
        try:
            return await self._known_photo(letter, payload, made) or await self._upload(letter, payload, made)
        except BadRequest as error:
            log.warning("row %d: its picture was refused: %s", letter.id, error.message[:120])
            return await self._say_instead(letter, payload, words)

    async def _known_photo(self, letter: Letter, payload: Mapping[str, Any], made: Made) -> Sent | None:
        """Send a picture by its id; None where Telegram does not know that id, as after a change of bot."""
        if made.file_id is None:
            return None
        try:
            sent = await self._call("sendPhoto", {**payload, "chat_id": letter.chat_id, "photo": made.file_id})
        except BadRequest as error:
            log.info("row %d: the picture is uploaded again: %s", letter.id, error.message[:120])
            return None
        return Sent(sent["message_id"])

    async def _upload(self, letter: Letter, payload: dict[str, Any], made: Made) -> Sent:
        message: Message = await self._bot.send_photo(
            letter.chat_id, InputFile(made.content, filename=made.name), api_kwargs=payload
        )
        return Sent(message.message_id, message.photo[-1].file_id, made.digest)

    async def _say_instead(self, letter: Letter, payload: Mapping[str, Any], words: Mapping[str, Any]) -> Sent:
        markup = {name: payload[name] for name in ("reply_markup", "reply_parameters") if name in payload}
        message = await self._call("sendMessage", {**words, **markup, "chat_id": letter.chat_id})
        return Sent(message["message_id"])


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
