"""/privacy, /mydata and /forget."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application import erase_learner
from bot.application.turn import IGNORED, Turn
from bot.chat.event import Event
from bot.chat.routing import Route, button, command
from bot.chat.views import privacy
from bot.domain.delivery import Outgoing
from bot.storage import Tx


async def on_privacy(event: Event) -> Turn:
    """/privacy."""
    return Turn(lambda _tx: (privacy.what_is_kept(event.chat_id, event.desk.reader),))


async def on_my_data(event: Event) -> Turn:
    """/mydata."""
    return Turn(lambda _tx: (privacy.my_data(event.chat_id),))


async def on_forget(event: Event) -> Turn:
    """/forget asks; the second press deletes."""
    answer = event.args[0] if event.pressed and event.args else None
    message_id = event.message_id
    if answer is None or message_id is None:
        return Turn(lambda _tx: (privacy.confirm_forget(event.chat_id, is_tutor=event.state.is_tutor),))
    if answer == "no":
        return Turn(lambda _tx: (privacy.kept(event.chat_id, message_id),))
    if answer != "yes":
        return IGNORED

    def work(tx: Tx) -> Sequence[Outgoing]:
        erase_learner.erase(tx, event.chat_id, asker_key=event.desk.asker_key, now=event.now)
        return (privacy.forgotten(event.chat_id, message_id),)

    return Turn(work)


ROUTES: tuple[Route, ...] = (
    command("privacy", on_privacy, strangers=True),
    command("mydata", on_my_data, strangers=True),
    command("forget", on_forget, strangers=True),
    button("mydata", on_my_data, strangers=True),
    button("forget", on_forget, strangers=True),
)
