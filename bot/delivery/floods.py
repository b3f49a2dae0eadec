"""Flood warnings: Telegram says how long to wait, but not whether it means one chat or the whole bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.delivery import Lane, Letter, RetryLater


class Floods:
    """The warnings in force in this process.

    What is sent in the background keeps to every chat's limit, so a warning about it means everybody. One about a reply
    means its chat, whose learner may have pressed ten buttons; a second chat's while the first lasts means everybody.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._chats: dict[int, float] = {}
        self._everybody = 0.0

    def wait(self, chat_id: int) -> float:
        """Return the seconds for which nothing may be sent to a chat; 0 or less where it may."""
        return max(self._everybody, self._chats.get(chat_id, 0.0)) - self._monotonic()

    def note(self, letter: Letter, warning: RetryLater) -> RetryLater:
        """Remember a warning, and return it as one for everybody or for the letter's chat only."""
        now = self._monotonic()
        until = now + warning.after.total_seconds()
        self._chats = {chat: end for chat, end in self._chats.items() if end > now}
        everybody = letter.lane is not Lane.REPLY or any(chat != letter.chat_id for chat in self._chats)
        self._chats[letter.chat_id] = until
        if everybody:
            self._everybody = max(self._everybody, until)
        return replace(warning, everyone=everybody)
