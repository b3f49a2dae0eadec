"""Text that a step asked for: a time, a place, a date, a name, a tip."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.application.turn import Turn
from bot.chat.event import Event
from bot.chat.handlers import classes, meeting, reporting, settling, tips
from bot.chat.views import trouble
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone, NotAllowed
from bot.storage import Tx, conversations

Typed = Callable[[Tx, Event, str], Sequence[Outgoing]]

READERS: dict[str, Typed] = {
    "meet": meeting.typed,
    "set": settling.typed,
    "class": classes.typed,
    "tip": tips.typed,
    "wrong": reporting.typed,
}
"""Who reads the text that a step asked for, by the first word of the step."""


async def on_typed(event: Event, step: str) -> Turn:
    """Hand typed text to the part of the conversation that asked for it."""
    read = READERS[step.partition(":")[0]]

    def work(tx: Tx) -> Sequence[Outgoing]:
        try:
            return read(tx, event, step)
        except (Gone, NotAllowed) as error:
            # What the step was about is no longer there: waiting on would swallow everything typed from now on.
            conversations.leave(tx, event.chat_id)
            return trouble.refusal(event.chat_id, error)

    return Turn(work)
