"""[Second reader]: what it is, and whether a learner agrees."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application import second_read
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.routing import Route, button
from bot.chat.views import second_reader
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.storage import Tx


async def on_second(event: Event) -> Turn:
    """[Second reader], and [Yes] or [No] below what it is."""
    reader, message_id = event.desk.reader, event.message_id
    if reader is None:
        raise Gone("button")
    if message_id is None:
        return IGNORED
    match event.args:
        case ("yes", _, sealed) if sealed == second_reader.seal(reader):
            attempt_id = event.number(1)

            def agree(tx: Tx) -> Sequence[Outgoing]:
                on_its_way = second_read.agree(tx, event.chat_id, attempt_id, place=reader, now=event.now)
                return (second_reader.agreed(event.chat_id, message_id, on_its_way=on_its_way),)

            return Turn(agree)
        case ("no",):

            def refuse(tx: Tx) -> Sequence[Outgoing]:
                second_read.refuse(tx, event.chat_id, place=reader)
                return (second_reader.refused(event.chat_id, message_id),)

            return Turn(refuse)
    attempt_id = event.number(1 if event.args[:1] == ("yes",) else 0)  # a yes to a reader elsewhere: explain this one
    return Turn(lambda _tx: (second_reader.explain(event.chat_id, attempt_id, reader),))


ROUTES: tuple[Route, ...] = (button("second", on_second),)
