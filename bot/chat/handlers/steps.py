"""Text that a step asked for: a time, a place, a date, a name, a tip."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.application.turn import Turn
from bot.chat.event import Event
from bot.chat.handlers import classes, disputing, importing, meeting, missing, playing, reporting, settling, tips
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
    "missed": missing.typed,
}
"""Who reads the text that a step asked for, by the first word of the step."""

SLOW_READERS: dict[str, Callable[[Event, str], Awaitable[Turn]]] = {
    "import": importing.on_typed,
    "dis": disputing.on_typed,
    "play": playing.on_typed,
}
"""The same where reading takes too long for a transaction."""


async def on_typed(event: Event, step: str) -> Turn:
    """Hand typed text to the part of the conversation that asked for it."""
    first_word = step.partition(":")[0]
    slow = await SLOW_READERS[first_word](event, step) if first_word in SLOW_READERS else None

    def work(tx: Tx) -> Sequence[Outgoing]:
        try:
            return READERS[first_word](tx, event, step) if slow is None else slow.work(tx)
        except (Gone, NotAllowed) as error:
            # What the step was about is no longer there: waiting on would swallow everything typed from now on.
            conversations.leave(tx, event.chat_id)
            return trouble.refusal(event.chat_id, error)

    return Turn(work)
