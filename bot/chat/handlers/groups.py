"""Groups: what is personal is done in the private chat."""

from __future__ import annotations

from collections.abc import Iterable

from telegram.ext import CommandHandler

from bot.application.turn import Turn
from bot.chat.event import Event
from bot.chat.routing import Route, command
from bot.chat.views import groups


async def on_personal(event: Event) -> Turn:
    """A command that is about one person, sent where others read along."""
    view = groups.personal(event.chat_id, event.desk.bot_name, reply_to=event.message_id)
    return Turn(lambda _tx: (view,))


def personal(routes: Iterable[Route]) -> tuple[Route, ...]:
    """Route the commands that only work in private to a kind word, when they are sent in a group."""
    everywhere: set[str] = set()
    private: set[str] = set()
    for route in routes:
        if isinstance(route.handler, CommandHandler):
            (everywhere if route.groups else private).update(route.handler.commands)
    return tuple(command(name, on_personal, groups=True) for name in sorted(private - everywhere))
