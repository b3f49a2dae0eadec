"""What every way of receiving shares: which updates are asked for, and which chat's lane one runs in."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.domain.delivery import Incoming

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")

Receive = Callable[[Sequence[Incoming]], Awaitable[None]]
"""Stores updates: when it returns they are on disk."""
AnswerDirectly = Callable[[Mapping[str, Any]], bool]
"""Takes an update that may be lost without harm, and begins to answer it; False for one that must be stored."""


def incoming(update: Mapping[str, Any]) -> Incoming:
    """Read the update id and the chat from an update as Telegram sent it; 0 where it belongs to no chat."""
    return Incoming(
        update_id=int(update["update_id"]),
        chat_id=_chat_id(update),
        body=json.dumps(update, ensure_ascii=False, separators=(",", ":")),
    )


def _chat_id(update: Mapping[str, Any]) -> int:
    for content in update.values():
        if not isinstance(content, Mapping):
            continue
        message = content.get("message", content)
        chat = message.get("chat") if isinstance(message, Mapping) else None
        if isinstance(chat, Mapping):
            return int(chat["id"])
        person = content.get("from") or content.get("user")
        if isinstance(person, Mapping):
            return int(person["id"])
    return 0
