"""Blocking, unblocking, and being put into groups."""

from __future__ import annotations

from collections.abc import Sequence

from telegram.constants import ChatMemberStatus
from telegram.ext import ChatMemberHandler

from bot.application import arrange, record_delivery
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.routing import Route, other, unused
from bot.domain.delivery import Outgoing
from bot.domain.learner import Status
from bot.storage import Tx

_GONE = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)


async def on_my_membership(event: Event) -> Turn:
    """Somebody blocked or unblocked the bot: prompts stop or go on; nothing is said."""
    change = event.update.my_chat_member
    if change is None or event.chat_id <= 0:
        return IGNORED
    gone = change.new_chat_member.status in _GONE

    def work(tx: Tx) -> Sequence[Outgoing]:
        if gone:
            record_delivery.mark_blocked(tx, event.chat_id, now=event.now)
        elif event.learner is not None and event.learner.status is Status.BLOCKED:
            arrange.welcome_back(tx, event.learner, now=event.now)
        return ()

    return Turn(work)


ROUTES: tuple[Route, ...] = (
    other(ChatMemberHandler(unused, ChatMemberHandler.MY_CHAT_MEMBER), on_my_membership, strangers=True),
)
